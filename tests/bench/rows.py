"""One person's latest reports, with a million reports of others in the database and with none."""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, create_engine, text

from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.engine.location import location_of
from bot.storage.records import ReportSummary
from bot.storage.store import Store
from bot.storage.upkeep.migrating import migrate
from tests.bench.table import Line
from tests.keys import KEY
from tests.postgres import NO_SERVER, fresh_database
from tests.unit.storage.making import FACTS, requested

_KEY: Final = KEY
_NOON: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
_OWN: Final = 12
OTHERS: Final = 10_000_000 if os.environ.get("BENCH_LARGE") else 1_000_000
_REPORTS_EACH: Final = 20
_ROUNDS: Final = 200

_PEOPLE_SQL: Final = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) ",
    "postgresql": "WITH n(i) AS (SELECT generate_series(1, :many)) ",
}


def lines() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        yield asyncio.run(_line("SQLite", f"sqlite:///{folder}/small.db", f"sqlite:///{folder}/large.db"))
    with fresh_database("bench_small") as small, fresh_database("bench_large") as large:
        if small is None or large is None:
            raise LookupError(NO_SERVER)
        yield asyncio.run(_line("PostgreSQL", small, large))


async def _line(name: str, small: str, large: str) -> Line:
    few, many = await _latest_ten_seconds(small, others=0), await _latest_ten_seconds(large, others=OTHERS)
    took = statistics.median(many) * 1000
    return Line.ratio(
        f"latest ten of one person among {OTHERS:,} reports of others, {name} ({took:.2f} ms)",
        f"the same with nobody else's ({statistics.median(few) * 1000:.2f} ms)",
        [statistics.median(many) / statistics.median(few)],
        at_most=1.5,
    )


async def _latest_ten_seconds(url: str, *, others: int) -> list[float]:
    await asyncio.to_thread(migrate, url)
    if others:
        await asyncio.to_thread(add_others, url, others)
    spent = []
    async with Database.open(url, Keyring.from_setting(_KEY)) as database:
        store = Store.on(database)
        person_id = await _somebody_with_reports(store)
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            assert len(await store.reports.history(person_id, offset=0, limit=10)) == 10
            spent.append(time.perf_counter() - began)
    return spent


async def _somebody_with_reports(store: Store) -> int:
    person = await store.people.meet(42, "en", now=_NOON)
    for number in range(_OWN):
        report = await requested(store, person, message_id=number, not_before=_NOON, now=_NOON)
        await store.reports.save_answer(
            report.id,
            instrument=Instrument.named(Provider.AILAB, None),
            answer="{}",
            red_map=None,
            facts=FACTS,
            content=number.to_bytes(32, "big"),
            chosen=0,
            now=_NOON,
        )
        await store.reports.deliver(
            report.id, annotated_file_id="d", message_id=number, summary=ReportSummary(), now=_NOON
        )
    return person.id


def add_others(url: str, many: int) -> None:
    """Rows as wide as real ones: 8 kB of sealed answer each."""
    engine = create_engine(location_of(url).sync_url)
    with engine.begin() as connection:
        people = many // _REPORTS_EACH
        _multiply(connection, "person", people, own={"key": "i"})
        _multiply(connection, "report", many, own={"person_id": f"1 + i % {people}", "number": "i", "origin": "i"})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def _multiply(connection: Connection, table: str, many: int, *, own: dict[str, str]) -> None:
    """Every column gets a value of its type that is the same in all rows, but for the `own` ones (of the row's i)."""
    from bot.storage.tables import metadata  # noqa: PLC0415 - next to its only use

    dialect = connection.dialect.name
    as_bytes = "CAST('k' || ({}) AS BLOB)" if dialect == "sqlite" else "CAST('k' || ({}) AS bytea)"
    values: dict[str, str] = {}
    for column in metadata.tables[table].columns:
        kind = str(column.type)
        if column.name == "id":
            continue
        if column.name in own:
            values[column.name] = as_bytes.format(own[column.name]) if kind == "BLOB" else own[column.name]
        elif not column.nullable or column.name in {"answer", "summary", "provider"}:
            values[column.name] = _filler(kind, dialect, long=column.name == "answer")
    columns, chosen = ", ".join(values), ", ".join(values.values())
    statement = f"INSERT INTO {table} ({columns}) {_PEOPLE_SQL[dialect]}SELECT {chosen} FROM n"  # noqa: S608 - our own names
    connection.execute(text(statement), {"many": many})


def _filler(kind: str, dialect: str, *, long: bool) -> str:
    if kind == "BLOB":
        size = 8221 if long else 100
        return f"zeroblob({size})" if dialect == "sqlite" else f"CAST(repeat('x', {size}) AS bytea)"
    if kind == "VARCHAR":
        return "'delivered'"
    if kind == "BOOLEAN":
        return "0" if dialect == "sqlite" else "FALSE"
    return "1"
