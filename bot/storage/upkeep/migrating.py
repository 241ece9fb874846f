"""Bringing the schema up to date, from code: there is no alembic.ini.

At nearly every start it is the newest already. One question tells; Alembic costs 0.15 s to load and waits until needed.
"""

import logging
import re
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, delete, event, func, insert, inspect, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from bot.config.errors import SetupError
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.location import DatabaseLocation, location_of
from bot.storage.tables import metadata, schema_mark

_log = logging.getLogger(__name__)

NEWEST: Final = "0016"  # the last of migrations/versions

_REVISION: Final = re.compile(r"\d{4}")
_FOREIGN: Final = (
    "the database has tables that another program made, or lost the mark of the version that made them:"
    " give an empty one, or restore a backup"
)
_SCRIPTS: Final = Path(__file__).with_name("migrations")
_LOCK: Final = 7_235_001  # an advisory lock's number: any, but the same in every process
_BUSY_MS: Final = 30_000


class DatabaseNewer(SetupError):
    """A newer version of the bot has changed the database in a way that this one can't work with."""


class DatabaseForeign(SetupError):
    """There are tables of which nobody can tell which version of the bot made them, if it was the bot."""


def migrate(url: str) -> None:
    """Bring the database to the newest schema; makes an SQLite file that is not there.

    All or nothing, and one process at a time: others wait, then find it done. A database of a newer version that this
    one can work with stays as it is. Raises DatabaseUrlInvalid, DatabaseUnavailable, DatabaseNewer, DatabaseForeign.
    """
    place = location_of(url)
    place.prepare()
    engine = _engine(place)
    try:
        with engine.begin() as connection:
            _wait_for_others(connection)
            if not is_ready(connection):
                _upgrade(connection)
    except OperationalError as error:
        raise DatabaseUnavailable(type(error).__name__) from error
    finally:
        engine.dispose()


def is_ready(connection: Connection) -> bool:
    """True when the schema is the newest, or a newer one that this version can work with.

    Raises DatabaseNewer, DatabaseForeign.
    """
    stored = _stored_revision(connection)
    if stored is None:
        _make_sure_nothing_is_there(connection)
    elif not _REVISION.fullmatch(stored):
        raise DatabaseForeign(_FOREIGN)
    elif stored > NEWEST:
        _make_sure_it_is_readable(connection, stored)
        return True
    return stored == NEWEST


def _engine(place: DatabaseLocation) -> Engine:
    engine = create_engine(place.sync_url, poolclass=NullPool, hide_parameters=True)
    if place.file is not None:
        event.listen(engine, "connect", _leave_transactions_to_us)
    return engine


def _leave_transactions_to_us(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _stored_revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    stored = connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar_one()
    return None if stored is None else str(stored)


def _make_sure_it_is_readable(connection: Connection, stored: str) -> None:
    """Raises DatabaseNewer."""
    marked = inspect(connection).has_table(schema_mark.name)
    readable_from = connection.scalar(select(func.max(schema_mark.c.readable_from))) if marked else None
    if readable_from is None or readable_from > NEWEST:
        raise DatabaseNewer(
            f"the database is of a newer version (schema {stored}, this one knows {NEWEST}): install that version again"
        )
    _log.warning("the database is of a newer version (schema %s): this one works with it, too", stored)


def _make_sure_nothing_is_there(connection: Connection) -> None:
    """Raises DatabaseForeign. Tables of other names are nobody's business: they may share a database with ours."""
    if not metadata.tables.keys().isdisjoint(inspect(connection).get_table_names()):
        raise DatabaseForeign(_FOREIGN)


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415 - see above
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    scripts = ScriptDirectory.from_config(config).walk_revisions()
    oldest_reader = max(getattr(script.module, "readable_from", script.revision) for script in scripts)
    connection.execute(delete(schema_mark))
    connection.execute(insert(schema_mark), {"readable_from": oldest_reader})
