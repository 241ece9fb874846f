"""The schema's history leads to the tables that the code knows, whoever starts when."""

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, delete, insert, select

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.engine.database import Database
from bot.storage.engine.indexes import metadata
from bot.storage.engine.keys import Keyring
from bot.storage.engine.location import location_of
from bot.storage.store import Store
from bot.storage.tables import schema_mark
from bot.storage.upkeep import migrations
from bot.storage.upkeep.migrating import NEWEST, DatabaseNewer, migrate
from tests.unit.storage.making import CONTENT, NOON, delivered, read


def revision_of(url: str) -> str | None:
    engine = create_engine(location_of(url).sync_url)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    engine.dispose()
    return revision


def test_migrations_make_the_tables_of_the_code(url: str) -> None:
    """Nothing stands in tables.py that a migration does not make, and the other way round."""
    engine = create_engine(location_of(url).sync_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_newest_is_the_last_migration() -> None:
    """What a start asks the database for is where Alembic would lead it."""
    assert ScriptDirectory(migrations.__path__[0]).get_current_head() == NEWEST


def test_migrate_again(url: str) -> None:
    """A database that is up to date stays as it is."""
    migrate(url)
    assert revision_of(url) == NEWEST


def test_four_processes_migrate_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All of them end well, and the schema is whole."""
    url = f"sqlite:///{tmp_path_factory.mktemp('race')}/x.db"
    program = f"from bot.storage.upkeep.migrating import migrate; migrate({url!r})"
    started = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]  # noqa: S603 - our own program
    assert [process.wait(timeout=60) for process in started] == [0, 0, 0, 0]
    assert revision_of(url) == NEWEST


def test_start_on_the_newest_schema_loads_no_alembic(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nor what only PostgreSQL needs: an SQLite bot starts without that extra."""
    url = f"sqlite:///{tmp_path_factory.mktemp('lean')}/x.db"
    migrate(url)
    needless = {"alembic", "psycopg", "procrastinate", "sqlalchemy.dialects.postgresql", "sqlalchemy.orm"}
    program = f"""
import sys, bot.app
from bot.storage.upkeep.migrating import migrate
migrate({url!r})
print(*sorted({needless} & set(sys.modules)))
"""
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603 - our own program
    assert answer.stdout.strip() == ""


async def test_a_newer_database_that_can_be_read_is_used(url: str, keyring: Keyring) -> None:
    """Its migrations say so: old and new go on side by side, and nothing is migrated."""
    try:
        _make_newer(url, readable_from=NEWEST)
        migrate(url)
        assert revision_of(url) != NEWEST
        async with Database.open(url, keyring) as database:
            await Store.on(database).people.meet(1, "en", now=NOON)
    finally:
        _make_newer(url, revision=NEWEST, readable_from=NEWEST)


def test_a_newer_database_that_cannot_be_read_is_refused(url: str) -> None:
    """In one line that says what to do, and nothing is changed."""
    try:
        _make_newer(url, readable_from="9998")
        with pytest.raises(DatabaseNewer, match="install that version again"):
            migrate(url)
    finally:
        _make_newer(url, revision=NEWEST, readable_from=NEWEST)


async def test_reports_from_before_versions_are_of_the_first_analyzer(sqlite_url: str, keyring: Keyring) -> None:
    """Nothing is written anew for it; what an earlier version of the bot writes beside this one reads the same."""
    async with Database.open(sqlite_url, keyring) as database:
        ana = await Store.on(database).people.meet(1, "en", now=NOON)
        made = await delivered(Store.on(database), ana)
    engine = create_engine(location_of(sqlite_url).sync_url)
    with engine.begin() as connection:
        for column in ("report.analyzer_version", "report.remarks", "person.not_theirs"):
            connection.exec_driver_sql("ALTER TABLE {} DROP COLUMN {}".format(*column.split(".")))
        for table in (
            "broadcast",
            "invitation_use",
            "guest",
            "invitation",
            "switch",
            "experiment_photo",
            "experiment",
            "feeling",
            "product",
        ):
            connection.exec_driver_sql(f"DROP TABLE {table}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0010'")
    migrate(sqlite_url)
    assert revision_of(sqlite_url) == NEWEST
    with engine.connect() as connection:
        assert connection.scalar(select(schema_mark.c.readable_from)) == "0010"
    engine.dispose()
    async with Database.open(sqlite_url, keyring) as database:
        store = Store.on(database)
        first = Instrument(provider=Provider.AILAB, version="skin-analysis-advanced")
        assert (await read(store, made)).instrument == first
        assert [row.instrument for row in await store.series.newest(ana.id, limit=9)] == [first]
        assert await store.reports.same_content(ana.id, CONTENT, instrument=first) == made


def test_each_migration_says_who_can_read_it() -> None:
    """From the one on that made a key for each person: without a word, only its own version can."""
    scripts = ScriptDirectory(migrations.__path__[0]).walk_revisions()
    silent = [script.revision for script in scripts if not hasattr(script.module, "readable_from")]
    assert [revision for revision in silent if revision >= "0010"] == []


def _make_newer(url: str, *, revision: str = "9999", readable_from: str) -> None:
    engine = create_engine(location_of(url).sync_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608 - ours
        connection.execute(delete(schema_mark))
        connection.execute(insert(schema_mark), {"readable_from": readable_from})
    engine.dispose()
