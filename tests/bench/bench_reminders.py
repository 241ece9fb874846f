"""What reminders cost with a million people: `python -m tests.bench.bench_reminders [people]`.

`rows()` gives the table for both databases. A floor is the same statement through the bare driver in the same run.
"""

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import psycopg
from sqlalchemy import Connection, text

from bot.places.zones import rules, zone_of
from bot.reminders.dates import next_week
from bot.storage.database import Database
from bot.storage.keys import Keyring
from bot.storage.migrating import migrate
from bot.storage.reminders import DueReminder, Reminders
from tests.postgres import fresh_database

PEOPLE: Final = 1_000_000
NOW: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTES: Final = 8  # of uniform load; a median of these
KEY: Final = "the-key-of-the-benchmark"
PROBE: Final = "SELECT next_due_at FROM reminder WHERE next_due_at IS NOT NULL ORDER BY next_due_at LIMIT 1"

_PERSON: Final = """
INSERT INTO person (id, key, telegram_id, shows_age, time_zone, quiet, hidden_marks, keeps_pictures, created_at,
                    seen_at, sealed_by)
SELECT n, {key}, :telegram_id, {no}, 'Europe/Madrid', {no}, '', {yes}, 0, 0, :sealed_by FROM {numbers}
"""
_REMINDER: Final = """
INSERT INTO reminder (person_id, state, weekday, minute, occurs_at, next_due_at, snoozed, rules, ignored)
SELECT n, 'on', 0, 840, :first + n * {step}, :first + n * {step}, {no}, :rules, 0 FROM {numbers}
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """`ms` and `floor_ms` are medians by the wall; `cpu_ms` is our process's own; `limit_ms` what was asked for."""

    name: str
    ms: float
    cpu_ms: float
    floor_ms: float
    limit_ms: float | None

    @property
    def ratio(self) -> float:
        return self.ms / self.floor_ms


def rows(people: int = PEOPLE) -> list[Row]:
    """For SQLite, and for PostgreSQL where one answers."""
    found: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        found += asyncio.run(_measured("SQLite", f"sqlite:///{folder}/bench.db", people))
    with fresh_database("bench_reminders") as url:
        if url is not None:
            found += asyncio.run(_measured("PostgreSQL", url, people))
    return found


async def _measured(kind: str, url: str, people: int) -> list[Row]:
    await asyncio.to_thread(migrate, url)
    keyring = Keyring.from_setting(KEY)
    async with Database.open(url, keyring) as database:
        await database.write(lambda connection: _fill(connection, keyring, people))
        await database.write(lambda connection: connection.execute(text("ANALYZE")))
        return await _rows_of(kind, url, Reminders(database))


async def _rows_of(kind: str, url: str, reminders: Reminders) -> list[Row]:
    bare = _Bare(url)
    probe, probe_cpu = await _median(lambda _: _nothing_due(reminders), 200)
    probe_floor, _ = await _median(lambda _: bare.probe(), 200)
    claims, commits, count = await _minutes(reminders)
    claims_floor, _ = await _median(bare.claim, MINUTES)
    commits_floor, _ = await _median(lambda _: bare.commit(count), MINUTES)
    bare.close()
    return [
        Row(name=f"{kind}: nothing due", ms=probe, cpu_ms=probe_cpu, floor_ms=probe_floor, limit_ms=2.0),
        Row(
            name=f"{kind}: a minute's {count} found, claimed, opened",
            ms=claims[0],
            cpu_ms=claims[1],
            floor_ms=claims_floor,
            limit_ms=30.0,
        ),
        Row(
            name=f"{kind}: a minute's {count} dates, each committed before its send",
            ms=commits[0],
            cpu_ms=commits[1],
            floor_ms=commits_floor,
            limit_ms=None,
        ),
    ]


async def _minutes(reminders: Reminders) -> tuple[tuple[float, float], tuple[float, float], int]:
    """Minute after minute as it would be worked: (wall, CPU) of the claims and of the commits, and how many."""
    claims, commits, counts = _Stopwatch(), _Stopwatch(), []
    for minute in range(MINUTES):
        with claims:
            claimed = await _claim_minute(reminders, NOW + timedelta(minutes=minute + 1))
        with commits:
            await _commit(reminders, claimed)
        counts.append(len(claimed))
    return claims.medians(), commits.medians(), round(statistics.median(counts))


async def _nothing_due(reminders: Reminders) -> None:
    due_at = await reminders.next_due_at()
    assert due_at is not None
    assert due_at > NOW - timedelta(minutes=1)


async def _claim_minute(reminders: Reminders, now: datetime) -> list[DueReminder]:
    claimed: list[DueReminder] = []
    while batch := await reminders.claim(now=now):
        claimed += batch
    return claimed


async def _commit(reminders: Reminders, minute: list[DueReminder]) -> None:
    zone = zone_of("Europe/Madrid")
    for due in minute:
        following = next_week(due.weekly, zone, due.person.id, rules=rules(), after=NOW + timedelta(days=1))
        assert await reminders.move_on(due, following, sent_at=NOW, ignored=1)


async def _median(work: Callable[[int], Awaitable[None]], times: int) -> tuple[float, float]:
    watch = _Stopwatch()
    for time_no in range(times):
        with watch:
            await work(time_no)
    return watch.medians()


class _Stopwatch:
    """Milliseconds: by the wall, and of this process."""

    def __init__(self) -> None:
        self._walls: list[float] = []
        self._cpus: list[float] = []
        self._began = (0.0, 0.0)

    def __enter__(self) -> None:
        self._began = (time.perf_counter(), time.process_time())

    def __exit__(self, *_: object) -> None:
        self._walls.append(time.perf_counter() - self._began[0])
        self._cpus.append(time.process_time() - self._began[1])

    def medians(self) -> tuple[float, float]:
        return statistics.median(self._walls) * 1000, statistics.median(self._cpus) * 1000


class _Bare:
    """The same through the driver alone, in this thread."""

    def __init__(self, url: str) -> None:
        self._sqlite = url.startswith("sqlite")
        self._connection: sqlite3.Connection | psycopg.Connection
        if self._sqlite:
            self._connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self._connection.execute("PRAGMA synchronous = FULL")
        else:
            self._connection = psycopg.connect(url, autocommit=True)

    async def probe(self) -> None:
        self._run(PROBE)

    async def claim(self, minute: int) -> None:
        """Ten thousand minutes later than the real ones, so that neither takes the other's."""
        until = _milliseconds(NOW + timedelta(minutes=minute + 1000))
        since = until - 60_000
        due = f"SELECT person_id FROM reminder WHERE next_due_at > {since} AND next_due_at <= {until}"  # noqa: S608 - numbers
        self._run(f"UPDATE reminder SET lease_until = {until} WHERE person_id IN ({due})")  # noqa: S608 - numbers
        self._run(f"SELECT * FROM person JOIN reminder ON person_id = id WHERE person_id IN ({due})")  # noqa: S608 - numbers

    async def commit(self, count: int) -> None:
        for number in range(1, count + 1):
            self._run(f"UPDATE reminder SET sent_at = {number}, ignored = 2 WHERE person_id = {number}")  # noqa: S608 - numbers

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str) -> None:
        cursor = self._connection.execute(statement)
        if statement.startswith("SELECT"):
            cursor.fetchall()


def _fill(connection: Connection, keyring: Keyring, people: int) -> None:
    """Everybody on, spread evenly over a week from now on."""
    sqlite = connection.dialect.name == "sqlite"
    words = {
        "key": "randomblob(32)" if sqlite else "sha256(n::text::bytea)",
        "no": "0" if sqlite else "false",
        "yes": "1" if sqlite else "true",
        "step": str(7 * 24 * 3_600_000 // people),
        "numbers": _numbers(people, sqlite=sqlite),
    }
    given = {
        "telegram_id": keyring.seal(b"111222333"),
        "sealed_by": keyring.newest,
        "first": _milliseconds(NOW),
        "rules": rules(),
    }
    for statement in (_PERSON, _REMINDER):
        clause = text(statement.format(**words))
        connection.execute(clause, {name: value for name, value in given.items() if f":{name}" in statement})


def _numbers(people: int, *, sqlite: bool) -> str:
    if not sqlite:
        return f"generate_series(1, {people}) AS n"
    counting = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {people}) SELECT n FROM c"  # noqa: S608 - a number
    return f"({counting})"


def _milliseconds(when: datetime) -> int:
    return int(when.timestamp() * 1000)


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    for row in rows(people):
        limit = f" (≤ {row.limit_ms:g})" if row.limit_ms else ""
        sys.stdout.write(
            f"{row.name:62} {row.ms:8.2f} ms{limit:9} cpu {row.cpu_ms:7.2f} bare {row.floor_ms:7.2f} ×{row.ratio:.1f}\n"
        )


if __name__ == "__main__":
    main()
