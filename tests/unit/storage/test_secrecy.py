"""What somebody who gets hold of the files can read."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Table, select

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.store import Store
from bot.storage.tables import experiment, experiment_photo, inbox, metadata, person, report
from tests.unit.storage.making import AGREED, CONTENT, FACTS, NOON, SUMMARY, delivered, finished, read, requested

TELEGRAM_ID = 7_130_246_855
UPDATE = '{"message": {"from": {"first_name": "Esperanza"}, "text": "my cheeks are sore"}}'
ANSWER = '{"result": {"acne": {"rectangle": []}, "skin_age": {"value": 33}}}' + "closed_comedones" * 50

IN_CLEAR = (
    b"Esperanza",
    b"sore",
    b"cheeks",
    b"holiday",
    b"acne",
    b"skin_age",
    b"result",
    b"comedones",
    b"pores_left_cheek",
    b"AgAC",
    b"AQAD",
    b"unique_id",
    b"brightness",
    b"blurred",
    b"a small map",
    b"a large map",
    b"album-of-esperanza",
    b"7130246855",
    TELEGRAM_ID.to_bytes(8, "big"),
    TELEGRAM_ID.to_bytes(5, "big"),
    CONTENT,
    CONTENT.hex().encode(),
)


async def _live(store: Store) -> int:
    """A person's day, every verb that stores something of theirs; returns the person's id."""
    ana = await store.people.meet(TELEGRAM_ID, "es", now=NOON)
    await store.people.record_consent(ana.id, AGREED, now=NOON)
    await store.inbox.take([(1, TELEGRAM_ID, UPDATE), (2, TELEGRAM_ID, UPDATE)], now=NOON)
    await store.inbox.finish(2, now=NOON)
    await requested(store, ana, message_id=1, album="album-of-esperanza")
    report = await delivered(store, ana, message_id=2)
    await store.reports.save_answer(
        report.id,
        instrument=Instrument.named(Provider.AILAB, None),
        answer=ANSWER,
        red_map=b"a large map" * 2000,
        facts=FACTS,
        content=CONTENT,
        chosen=0,
        now=NOON,
    )
    await store.reports.deliver(
        report.id,
        annotated_file_id="AgACdrawn",
        message_id=3,
        summary=SUMMARY,
        now=NOON + timedelta(seconds=9),
    )
    await store.reports.set_redness_file(report.id, "AgACred")
    await store.feedback.set_note(ana.id, report.number, "my cheeks are sore since the holiday" * 9)
    await store.feedback.toggle_dispute(ana.id, report.number, frozenset({"acne", "pores_left_cheek"}))
    await finished(store, ana, report)
    await store.sent_messages.note(ana.id, 900, now=NOON)
    assert (await read(store, report)).answer == ANSWER
    return ana.id


async def test_nothing_stands_in_the_files_in_clear(sqlite_url: str, keyring: Keyring) -> None:
    """No name, id, text, finding, file id or digest is in the database file, its log or its index, open or closed."""
    async with Database.open(sqlite_url, keyring) as database:
        await _live(Store.on(database))
        assert _wal(sqlite_url).stat().st_size > 0
        assert _found_in_files(sqlite_url) == []
    assert _found_in_files(sqlite_url) == []


async def test_nothing_stands_in_the_rows_in_clear(database: Database) -> None:
    """On either database every value of every row is checked as it is stored."""
    await _live(Store.on(database))
    stored = b"\n".join([value async for value in _values(database)])
    assert [secret for secret in IN_CLEAR if secret in stored] == []


async def test_erased_bytes_are_gone_from_the_files(sqlite_url: str, keyring: Keyring) -> None:
    """Not even the sealed bytes or the pseudonyms of an erased person are left, in the file or in its log."""
    async with Database.open(sqlite_url, keyring) as database:
        store = Store.on(database)
        ana = await _live(store)
        traces = [
            trace
            for table in (person, report, inbox, experiment, experiment_photo)
            for trace in await _blobs(database, table)
        ]
        raw = b"".join(_files(sqlite_url).values())
        assert len(traces) > 15
        assert all(trace in raw for trace in traces)
        await store.people.erase(ana, now=NOON)
        left = b"".join(_files(sqlite_url).values())
        assert [trace for trace in traces if trace in left] == []
        assert _wal(sqlite_url).stat().st_size == 0


async def _blobs(database: Database, table: Table) -> list[bytes]:
    """The beginning of every byte value of a table, sixteen bytes past what all seals have in common.

    A placeholder of zero bytes alone says nothing of anybody: free pages of a file are full of them.
    """
    rows = await database.read(partial(_rows, table=table))
    values = [value for row in rows for value in row if isinstance(value, bytes) and len(value) >= 25]
    return [value[9:25] for value in values if any(value)]


async def _values(database: Database) -> AsyncIterator[bytes]:
    for table in metadata.sorted_tables:
        for row in await database.read(partial(_rows, table=table)):
            for value in row:
                yield value if isinstance(value, bytes) else str(value).encode()


def _rows(connection: Connection, *, table: Table) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(table))]


def _wal(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///") + "-wal")


def _files(url: str) -> dict[str, bytes]:
    folder = Path(url.removeprefix("sqlite:///")).parent
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def _found_in_files(url: str) -> list[tuple[str, bytes]]:
    return [(name, secret) for name, raw in _files(url).items() for secret in IN_CLEAR if secret in raw]
