"""Opening the database, and one transaction for each piece of work."""

import asyncio
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event, insert, select

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage import open_store
from bot.storage.engine.database import Database, DatabaseUnavailable
from bot.storage.engine.keys import KeyMismatch, KeyMissing, Keyring
from bot.storage.engine.location import DatabaseUrlInvalid, location_of
from bot.storage.engine.priority import behind_others
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.store import Store
from bot.storage.tables import alert
from bot.storage.upkeep.migrating import migrate
from tests.keys import KEY, NEXT_KEY
from tests.unit.storage.making import CONTENT, NOON, requested


@pytest.mark.parametrize("url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://a:secret@b/c", "/a/b"])
def test_urls_that_are_not_served(url: str) -> None:
    """Only a file for SQLite, or PostgreSQL; the error does not repeat a password."""
    with pytest.raises(DatabaseUrlInvalid) as invalid:
        location_of(url)
    assert "secret" not in str(invalid.value)


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    """Folder and file are made for this user's eyes only."""
    migrate(f"sqlite:///{tmp_path}/data/x.db")
    file = tmp_path / "data" / "x.db"
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_first_start_from_nothing(tmp_path: Path) -> None:
    """With no folder, no file and no key everything is made, and a second start reads what the first stored."""
    url = f"sqlite:///{tmp_path}/data/x.db"
    async with open_store(url, None) as store:
        met = await store.people.meet(42, "en", now=NOON)
    async with open_store(url, None) as store:
        assert await store.people.by_id(met.id) == met
    assert {file.name for file in (tmp_path / "data").iterdir()} == {"x.db", "x.key", "x.erased"}


async def test_postgres_needs_a_key() -> None:
    """Nothing is asked of the server before the key is there."""
    with pytest.raises(KeyMissing):
        async with open_store("postgresql://postgres@127.0.0.1:1/nowhere", None):
            pass


async def test_a_server_that_does_not_answer() -> None:
    """It is said as a passing trouble, without the URL."""
    with pytest.raises(DatabaseUnavailable) as unavailable:
        async with open_store("postgresql://postgres:secret@127.0.0.1:1/nowhere", "k" * 16):
            pass
    assert "secret" not in str(unavailable.value)


async def test_opened_with_another_key(url: str, keyring: Keyring) -> None:
    """A database that another key sealed is refused, before anything is written to it."""
    async with Database.open(url, keyring):
        pass
    with pytest.raises(KeyMismatch):
        async with Database.open(url, Keyring.from_setting("a-wrong-key-altogether")):
            pass
    async with Database.open(url, keyring):
        pass


async def test_opened_with_a_new_key_in_front(url: str, keyring: Keyring) -> None:
    """A further key is welcome; from then on the old one alone is not enough."""
    async with Database.open(url, keyring):
        pass
    async with Database.open(url, Keyring.from_setting(f"{NEXT_KEY},{KEY}")):
        pass
    with pytest.raises(KeyMismatch):
        async with Database.open(url, keyring):
            pass


async def test_writes_at_once_lose_nothing(store: Store, ana: PersonRecord, ben: PersonRecord) -> None:
    """Three hundred writes by as many tasks, with reads in between, are all there."""
    people = (ana, ben)

    async def hand_in(message: int) -> None:
        report = await requested(store, people[message % 2], message_id=message)
        await store.reports.begin(report.id, status_message_id=message, not_before=NOON, now=NOON)
        assert await store.reports.by_id(report.id) is not None

    await asyncio.gather(*(hand_in(message) for message in range(150)))
    for person in people:
        reports = await _all_of(store, person)
        assert sorted(report.status_message_id or 0 for report in reports) == [
            message for message in range(150) if people[message % 2] is person
        ]


async def _all_of(store: Store, person: PersonRecord) -> list[ReportRecord]:
    reports: list[ReportRecord] = []
    while batch := await store.own_data.reports(person.id, after=reports[-1].id if reports else 0):
        reports += batch
    return reports


async def test_two_processes_worth_of_connections(url: str, keyring: Keyring) -> None:
    """Two openings of one database write side by side; none is refused because of the other."""
    async with Database.open(url, keyring) as one, Database.open(url, keyring) as other:
        work = [
            database.write(partial(_look_then_note, kind=f"{name}{number}"))
            for number in range(60)
            for name, database in (("one", one), ("other", other))
        ]
        await asyncio.gather(*work)
        kinds = await one.read(lambda connection: list(connection.scalars(select(alert.c.kind))))
    assert len(kinds) == 120


async def test_a_failed_work_leaves_nothing(database: Database) -> None:
    """What a piece of work did before it failed is undone."""

    def half(connection: Connection) -> None:
        _note(connection, kind="half")
        raise _HalfWay

    with pytest.raises(_HalfWay):
        await database.write(half)
    await database.write(partial(_note, kind="whole"))
    assert await _kinds(database) == ["whole"]


async def test_a_failed_work_takes_nothing_from_the_others(database: Database) -> None:
    """What is written at the same moment shares a commit, and yet each has its own outcome."""

    def half(connection: Connection) -> None:
        _note(connection, kind="half")
        raise _HalfWay

    works = [partial(_note, kind=f"{number:02}") for number in range(20)]
    before, after = ([database.write(work) for work in half_of_them] for half_of_them in (works[:10], works[10:]))
    outcomes = await asyncio.gather(*before, database.write(half), *after, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [_HalfWay]
    assert await _kinds(database) == [f"{number:02}" for number in range(20)]


async def test_a_cancelled_caller_does_not_undo(database: Database) -> None:
    """A write that began is carried through, if on a connection of its own (PostgreSQL) perhaps after the next one."""
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(connection: Connection) -> None:
        loop.call_soon_threadsafe(begun.set)
        _note(connection, kind="slow")

    task = asyncio.create_task(database.write(slow))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await database.write(partial(_note, kind="next"))
    async with asyncio.timeout(30):
        while await _kinds(database) != ["next", "slow"]:  # noqa: ASYNC110 - a commit rings no bell here
            await asyncio.sleep(0.01)


async def test_cancelled_readers_leave_no_trace(database: Database) -> None:
    """Whoever gives up a read at whatever point, the connections stay usable for the others."""
    for steps in range(40):
        task = asyncio.create_task(_kinds(database))
        for _ in range(steps):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert await asyncio.gather(*(_kinds(database) for _ in range(20))) == [[]] * 20


async def test_a_broken_connection_is_tried_again(database: Database) -> None:
    """What is worth money is written in the end, though the first try lost its connection or its disk."""
    tries = 0

    def work(connection: Connection) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            _break(connection)
        _note(connection, kind=f"try {tries}")

    await database.write_patiently(work)
    assert await _kinds(database) == ["try 2"]


async def test_a_broken_connection_is_said_as_passing(database: Database) -> None:
    """Everything else is told at once that the database can't be reached, and the next work finds it well."""
    with pytest.raises(DatabaseUnavailable):
        await database.write(_break)
    await database.write(partial(_note, kind="after"))
    assert await _kinds(database) == ["after"]


async def test_all_connections_cut(postgres_url: str, keyring: Keyring) -> None:
    """After a restart of the server nothing has to be restarted here."""
    async with Database.open(postgres_url, keyring) as database:
        await asyncio.gather(*(_kinds(database) for _ in range(10)))
        async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as outside:
            await outside.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert await asyncio.gather(*(_kinds(database) for _ in range(10))) == [[]] * 10
        await database.write(partial(_note, kind="after"))


async def test_erasing_while_another_process_reads(
    sqlite_url: str, keyring: Keyring, caplog: pytest.LogCaptureFixture
) -> None:
    """The erasure is done and does not hang; that the log could not be emptied is said, once, as long as they read."""
    async with Database.open(sqlite_url, keyring) as database:
        people = Store.on(database).people
        met = await people.meet(42, "en", now=NOON)
        with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as outside:
            outside.execute("BEGIN")
            assert outside.execute("SELECT count(*) FROM person").fetchone() == (1,)
            await people.erase(met.id, now=NOON)
            assert await people.by_id(met.id) is None
            again = await people.meet(43, "en", now=NOON)
            await people.erase(again.id, now=NOON)
        assert _log_bytes(sqlite_url) > 0
        await people.erase(again.id, now=NOON)
        assert _log_bytes(sqlite_url) == 0
    assert [record.levelname for record in caplog.records if record.name == "bot.storage.engine.database"] == [
        "WARNING"
    ]


def _log_bytes(url: str) -> int:
    return Path(f"{url.removeprefix('sqlite:///')}-wal").stat().st_size


async def test_closing_waits_for_writes(url: str, keyring: Keyring) -> None:
    """A paid answer whose job is cancelled by the stop is stored all the same."""
    async with Database.open(url, keyring) as database:
        tasks = [asyncio.create_task(database.write(partial(_note, kind=f"{number}"))) for number in range(20)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    async with Database.open(url, keyring) as database:
        assert len(await _kinds(database)) == 20


async def test_sqlite_is_set_up_for_safety(sqlite_url: str, keyring: Keyring) -> None:
    """Write-ahead log, full sync, overwritten deletions, foreign keys; readers can't write."""
    async with Database.open(sqlite_url, keyring) as database:

        def settings(connection: Connection) -> dict[str, object]:
            names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys", "query_only")
            return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}

        safe = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}
        assert await database.write(settings) == safe | {"query_only": 0}
        assert await database.read(settings) == safe | {"query_only": 1}


async def test_sqlite_looks_up_by_index(sqlite_url: str, keyring: Keyring) -> None:
    """What is asked again and again never walks through a whole table."""
    asked: list[tuple[str, tuple[str | int, ...]]] = []

    def note(
        _connection: object, _cursor: object, statement: str, parameters: tuple[str | int, ...], *_: object
    ) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    async with Database.open(sqlite_url, keyring):
        pass  # the first start looks once whether there is anything of before
    event.listen(Engine, "before_cursor_execute", note)
    try:
        async with Database.open(sqlite_url, keyring) as database:
            await _ask_everything(Store.on(database))
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as raw:
        steps = [
            row[3]
            for statement, parameters in asked
            for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert len(asked) >= 12
    walked = [step for step in steps if step.startswith("SCAN") and "INDEX" not in step]
    assert set(walked) == {"SCAN encryption_key", "SCAN tombstone_salt"}  # a row for each key, and none


class _HalfWay(Exception):
    """Stands for whatever goes wrong inside a piece of work."""


async def _ask_everything(store: Store) -> None:
    await store.people.by_id(1)
    await store.reports.by_id(1)
    await store.reports.of_person(1, 1)
    await store.reports.latest(1)
    await store.reports.count(1)
    await store.reports.history(1, offset=0, limit=8)
    await store.reports.same_content(1, CONTENT, instrument=Instrument.named(Provider.AILAB, None))
    await store.due_reports.due(now=NOON)
    await store.due_reports.next_due_at(after=NOON)
    await store.inbox.unfinished()
    await store.ledger.count_since(1, NOON - timedelta(days=1))


def _break(connection: Connection) -> None:
    """Lose the connection (PostgreSQL), or run out of room (SQLite), in the middle of a transaction."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return
    connection.exec_driver_sql("PRAGMA max_page_count = 1")
    try:
        for number in range(1000):
            _note(connection, kind="x" * 4000 + str(number))
    finally:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


def _look_then_note(connection: Connection, *, kind: str) -> None:
    """Reads before it writes: what SQLite refuses to a transaction that did not begin as a writer's."""
    assert connection.scalar(select(alert.c.kind).where(alert.c.kind == kind)) is None
    _note(connection, kind=kind)


def _note(connection: Connection, *, kind: str) -> None:
    connection.execute(insert(alert).values(kind=kind, raised_at=NOON))


async def _kinds(database: Database) -> list[str]:
    return await database.read(lambda connection: sorted(connection.scalars(select(alert.c.kind))))


async def test_what_can_wait_is_written_after_what_somebody_waits_for(tmp_path: Path) -> None:
    """A word that comes in behind a hundred pieces of others' reports is not behind them; all are done in the end."""
    async with open_store(f"sqlite:///{tmp_path}/x.db", KEY) as store:
        database = store.people._database
        done: list[str] = []

        def slow(_: Connection) -> None:
            time.sleep(0.005)
            done.append("a report's")

        async def ask(work: Callable[[Connection], None], *, later: bool) -> None:
            with behind_others(wanted=later):
                await database.write(work)

        others = [asyncio.create_task(ask(slow, later=True)) for _ in range(100)]
        await asyncio.sleep(0.02)
        await ask(lambda _: done.append("a word's"), later=False)
        assert done.index("a word's") < 50
        await asyncio.gather(*others)
        assert len(done) == 101


async def test_a_look_that_broke_off_keeps_no_old_view(tmp_path: Path) -> None:
    """What is found later is what is committed then, though an earlier statement was not read to its end."""
    url = f"sqlite:///{tmp_path}/x.db"
    migrate(url)
    unread: list[object] = []

    def break_off(connection: Connection) -> None:
        rows = connection.execute(select(alert.c.kind))
        unread.extend((rows, rows.fetchone()))
        raise LookupError

    async with Database.open(url, Keyring.from_setting(KEY)) as database:
        await database.write(partial(_note, kind="first"))
        await database.write(partial(_note, kind="second"))
        with pytest.raises(LookupError):
            await database.find(break_off)
        await database.write(partial(_note, kind="third"))
        found = await database.find(lambda connection: connection.scalars(select(alert.c.kind)).all())
    assert set(found) == {"first", "second", "third"}
