"""What reminders cost with a million people: finding that nothing is due, and a minute of uniform load."""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import psycopg
from sqlalchemy import Connection, text

from bot.calendar.zones import rules, zone_of
from bot.reminders.dates import next_week
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.reminders import DueReminder, ReminderRows, Send
from bot.storage.sealing import Choices
from bot.storage.upkeep.migrating import migrate
from tests.bench.table import SMALL, Line
from tests.keys import KEY
from tests.people_rows import seal_people
from tests.postgres import NO_SERVER, fresh_database

PEOPLE: Final = 10_000 if SMALL else 1_000_000
NOW: Final = datetime(2026, 5, 4, 12, tzinfo=UTC)
MINUTES: Final = 8  # of uniform load; a median of these
_AT_ONCE: Final = 4000
_SEALED: Final = 20_000  # who falls due while it is measured is among them; to seal everybody takes minutes
PROBE: Final = "SELECT next_due_at FROM reminder WHERE next_due_at IS NOT NULL ORDER BY next_due_at LIMIT 1"

_PERSON: Final = """
INSERT INTO person (id, key, telegram_id, shows_age, time_zone, quiet, hidden_marks, keeps_pictures, created_at,
                    seen_at, sealed_by)
SELECT n, {key}, :nothing, {no}, NULL, {no}, '', {yes}, 0, 0, :nothing FROM {numbers}
"""
_REMINDER: Final = """
INSERT INTO reminder (person_id, state, weekday, minute, occurs_at, next_due_at, snoozed, rules, ignored)
SELECT n, 'on', 0, 840, :first + n * {step}, :first + n * {step}, {no}, :rules, 0 FROM {numbers}
"""


@dataclass(frozen=True, kw_only=True)
class Took:
    """Milliseconds by the wall, one for each time."""

    ours: list[float]
    floor: list[float]

    def line(self, what: str, against: str, *, at_most_ms: float | None, why: str = "") -> Line:
        middle = statistics.median(self.ours)
        return Line(
            what=what,
            against=f"{against} ({statistics.median(self.floor):.1f} ms)",
            measured=f"{middle:.1f} ms",
            spread=f"{min(self.ours):.1f}–{max(self.ours):.1f}",
            target="–" if at_most_ms is None else f"≤ {at_most_ms:g} ms",
            met=None if at_most_ms is None else middle <= at_most_ms,
            why=why,
        )


def on_sqlite() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        yield from asyncio.run(_measured("SQLite", f"sqlite:///{folder}/bench.db", PEOPLE))


def on_postgresql() -> Iterator[Line]:
    with fresh_database("bench_reminders") as url:
        if url is None:
            raise LookupError(NO_SERVER)
        yield from asyncio.run(_measured("PostgreSQL", url, PEOPLE))


async def _measured(kind: str, url: str, people: int) -> list[Line]:
    await asyncio.to_thread(migrate, url)
    async with Database.open(url, Keyring.from_setting(KEY)) as database:
        await database.write(lambda connection: _fill(connection, people))
        for first in range(1, min(people, _SEALED) + 1, _AT_ONCE):
            some = range(first, min(first + _AT_ONCE, people + 1))
            sealed = {number: (111_222_333, Choices(language_code=None, time_zone="Europe/Madrid")) for number in some}
            await database.write(partial(seal_people, vault=database.vault, people=sealed))
        await database.write(lambda connection: connection.execute(text("ANALYZE")))
        return await _lines_of(kind, url, ReminderRows(database))


async def _lines_of(kind: str, url: str, reminders: ReminderRows) -> list[Line]:
    bare = _Bare(url)
    probe = Took(
        ours=await _times(lambda _: _nothing_due(reminders), 200), floor=await _times(lambda _: bare.probe(), 200)
    )
    claimed, committed, count = await _minutes(reminders)
    claims = Took(ours=claimed, floor=await _times(bare.claim, MINUTES))
    commits = Took(ours=committed, floor=await _times(lambda _: bare.commit(count), MINUTES))
    bare.close()
    everybody = f"reminders of {PEOPLE:,} people, {kind}"
    return [
        probe.line(f"{everybody}: finding nothing due", "the bare driver", at_most_ms=2.0),
        claims.line(
            f"{everybody}: a minute's {count} found and claimed",
            "the bare driver",
            at_most_ms=30.0,
            why="of each, what the person chose is unsealed; the bare driver reads their rows as they are",
        ),
        commits.line(f"{everybody}: their next dates, each its own commit", "the bare driver", at_most_ms=None),
    ]


async def _minutes(reminders: ReminderRows) -> tuple[list[float], list[float], int]:
    """Minute after minute as it would be worked: what the claims and the commits took, and how many they were."""
    claims, commits, counts = _Stopwatch(), _Stopwatch(), []
    for minute in range(MINUTES):
        with claims:
            claimed = await _claim_minute(reminders, NOW + timedelta(minutes=minute + 1))
        with commits:
            await _commit(reminders, claimed)
        counts.append(len(claimed))
    return claims.took, commits.took, round(statistics.median(counts))


async def _nothing_due(reminders: ReminderRows) -> None:
    due_at = await reminders.next_due_at()
    assert due_at is not None
    assert due_at > NOW - timedelta(minutes=1)


async def _claim_minute(reminders: ReminderRows, now: datetime) -> list[DueReminder]:
    claimed: list[DueReminder] = []
    while batch := await reminders.claim(now=now):
        claimed += batch
    return claimed


async def _commit(reminders: ReminderRows, minute: list[DueReminder]) -> None:
    zone = zone_of("Europe/Madrid")
    for due in minute:
        following = next_week(due.weekly, zone, due.person.id, rules=rules(), after=NOW + timedelta(days=1))
        assert await reminders.settle(due, Send(late=False, following=following, ignored=1), now=NOW)


async def _times(work: Callable[[int], Awaitable[None]], times: int) -> list[float]:
    watch = _Stopwatch()
    for time_no in range(times):
        with watch:
            await work(time_no)
    return watch.took


class _Stopwatch:
    """Milliseconds by the wall."""

    def __init__(self) -> None:
        self.took: list[float] = []
        self._began = 0.0

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.took.append((time.perf_counter() - self._began) * 1000)


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


def _fill(connection: Connection, people: int) -> None:
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
        "nothing": b"",
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
