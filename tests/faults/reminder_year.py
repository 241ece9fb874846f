"""Simulated weeks of reminders: two processes, restarts, kill -9, hours of being down; then the books are checked."""

import asyncio
import os
import random
import subprocess
import sys
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import insert, update

from bot.calendar.cities import Cities
from bot.calendar.weekly import WeeklyTime, is_quiet, next_occurrence
from bot.calendar.zones import rules, zone_of
from bot.reminders.dates import next_week
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.engine.vault import Vault
from bot.storage.reminders import ReminderRows
from bot.storage.sealing import Choices
from bot.storage.tables import person, reminder
from bot.storage.upkeep.migrating import migrate
from tests.keys import KEY
from tests.people_rows import BLANK, seal_people

START: Final = datetime(2026, 1, 1, tzinfo=UTC)
STEP: Final = timedelta(minutes=15)
FIRST_STEP: Final = START + timedelta(minutes=5)  # spread is less than five minutes: at 9:05 all of 9:00 are due
NEVER_ANSWERS: Final = 10  # one person in ten
EPOCH: Final = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, kw_only=True)
class Somebody:
    number: int
    zone: str
    weekly: WeeklyTime

    @property
    def answers(self) -> bool:
        return self.number % NEVER_ANSWERS != 0


@dataclass(frozen=True, kw_only=True)
class Sent:
    number: int
    name: str
    at: datetime
    late: bool


@dataclass(frozen=True, kw_only=True)
class Books:
    """What the check found. `lost` are dates that should have come and did not; each kill may account for one."""

    people: int
    dates: int
    sent: int
    late: int
    paused: int
    skipped: int
    twice: int
    lost: int
    in_quiet_hours: int
    wrongly_marked: int
    kills: int
    restarts: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.people:,} people, {self.dates:,} dates, {self.kills} kills, {self.restarts} restarts: "
            f"{self.sent:,} sent ({self.late:,} late), {self.paused:,} paused, {self.skipped:,} skipped; "
            f"twice {self.twice}, lost {self.lost}, in quiet hours {self.in_quiet_hours}, "
            f"wrongly marked {self.wrongly_marked}; {self.seconds:.0f} s"
        )


class Process:
    """One of the two."""

    def __init__(self, url: str, clock: Path, sent: Path) -> None:
        self._arguments = [sys.executable, "-m", "tests.faults.reminder_worker", url, KEY, str(clock), str(sent)]
        self._running: subprocess.Popen[str] | None = None

    @property
    def alive(self) -> bool:
        return self._running is not None

    def start(self) -> None:
        self._running = subprocess.Popen(  # noqa: S603 - our own program
            self._arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def be_ready(self) -> None:
        self._expect("ready")

    def sweep(self) -> None:
        assert self._running is not None
        assert self._running.stdin is not None
        self._running.stdin.write("sweep\n")
        self._running.stdin.flush()

    def finish(self) -> None:
        self._expect("done")

    def kill(self) -> None:
        assert self._running is not None
        self._running.kill()
        self._close()

    def stop(self) -> None:
        """As SIGTERM between two sweeps."""
        if self._running is not None:
            self._running.terminate()
            self._close()

    def _close(self) -> None:
        assert self._running is not None
        self._running.communicate()
        self._running = None

    def _expect(self, word: str) -> None:
        assert self._running is not None
        assert self._running.stdout is not None
        said = self._running.stdout.readline().strip()
        assert said == word, f"the process ended instead of {word}"


@dataclass(kw_only=True)
class Simulation:
    url: str
    folder: Path
    people: int
    days: int
    kills: int
    outages: int
    minutes: Sequence[int] = (0, 15, 30, 45)
    seed: int = 6
    alive_at: list[datetime] = field(default_factory=list)
    killed: int = 0
    restarted: int = 0

    def run(self) -> Books:
        began = time.monotonic()
        migrate(self.url)
        crowd = self._crowd()
        asyncio.run(self._settle(crowd))
        self._clock.write_text("0")
        self._live()
        return self._check(crowd, seconds=time.monotonic() - began)

    @property
    def _clock(self) -> Path:
        return self.folder / "clock"

    @property
    def _sent(self) -> Path:
        return self.folder / "sent"

    def _crowd(self) -> list[Somebody]:
        draw = random.Random(self.seed)
        zones = Cities().zones()
        return [
            Somebody(
                number=number,
                zone=draw.choice(zones),
                weekly=WeeklyTime(weekday=draw.randrange(7), minute=self._minute(draw)),
            )
            for number in range(1, self.people + 1)
        ]

    def _minute(self, draw: random.Random) -> int:
        """Mostly by day, and often nine o'clock."""
        hour = draw.choices((9, draw.randrange(8, 22), draw.randrange(24)), (3, 6, 1))[0]
        return hour * 60 + draw.choice(self.minutes)

    async def _settle(self, crowd: Sequence[Somebody]) -> None:
        """Everybody is there and has chosen, a moment before the time begins."""
        sealed = {one.number: (one.number, Choices(language_code=None, time_zone=one.zone)) for one in crowd}
        async with Database.open(self.url, Keyring.from_setting(KEY)) as database:
            rows = [_rows_of(one, database.vault) for one in crowd]
            await database.write(lambda connection: connection.execute(insert(person), [row for row, _ in rows]))
            await database.write(lambda connection: seal_people(connection, database.vault, sealed))
            await database.write(lambda connection: connection.execute(insert(reminder), [row for _, row in rows]))

    def _live(self) -> None:
        draw = random.Random(self.seed + 1)
        steps = self.days * 24 * 4
        kills = sorted(draw.sample(range(1, steps - 96), self.kills))
        outages = {begin: begin + draw.randrange(4, 80) for begin in draw.sample(range(1, steps), self.outages)}
        both = [Process(self.url, self._clock, self._sent) for _ in range(2)]
        down_until = 0
        try:
            with asyncio.Runner() as runner:
                people = runner.run(_Answering.open(self.url))
                for step in range(steps):
                    down_until = max(down_until, outages.get(step, 0))
                    due = runner.run(people.due_by(_at(step)))
                    killing = self.killed < len(kills) and step >= kills[self.killed]
                    self._step(step, both, draw, down=step < down_until, due=due, killing=killing)
                    if step % 96 == 0:
                        runner.run(people.everybody_taps())
                runner.run(people.close())
        finally:
            for process in both:
                process.stop()

    def _step(
        self, step: int, both: Sequence[Process], draw: random.Random, *, down: bool, due: bool, killing: bool
    ) -> None:
        at = _at(step)
        self._clock.write_text(str((at - EPOCH) // timedelta(seconds=1)))
        if down:
            for process in both:
                process.stop()
            return
        starting = [process for process in both if not process.alive]
        for process in starting:
            process.start()
        for process in starting:
            process.be_ready()
        self.restarted += len(starting)
        self.alive_at.append(at)
        if not due:
            return
        for process in both:
            process.sweep()
        if killing:
            time.sleep(draw.random() * 0.02)  # somewhere within the work: that is the point of a kill
            both[0].kill()
            self.killed += 1
        for process in both:
            if process.alive:
                process.finish()

    def _check(self, crowd: Sequence[Somebody], *, seconds: float) -> Books:
        sent = [_parsed(line) for line in self._sent.read_text().splitlines()]
        by_person: dict[int, list[Sent]] = {}
        for one in sent:
            by_person.setdefault(one.number, []).append(one)
        counted: Counter[str] = Counter()
        for somebody in crowd:
            counted += self._check_one(somebody, by_person.get(somebody.number, []))
        return Books(
            people=len(crowd),
            dates=counted["dates"],
            sent=counted["sent"],
            late=counted["late"],
            paused=counted["paused"],
            skipped=counted["skipped"],
            twice=counted["twice"],
            lost=counted["lost"],
            in_quiet_hours=counted["in_quiet_hours"],
            wrongly_marked=counted["wrongly_marked"],
            kills=self.killed,
            restarts=self.restarted,
            seconds=seconds,
        )

    def _check_one(self, somebody: Somebody, sent: Sequence[Sent]) -> Counter[str]:
        """Every date of this person against what was sent."""
        zone = zone_of(somebody.zone)
        found: Counter[str] = Counter()
        matched: Counter[datetime] = Counter()
        dates = self._dates(somebody)
        for one in sent:
            occurred = dates[bisect_right(dates, one.at) - 1]
            waited = one.at - occurred
            matched[occurred] += 1
            found["paused" if one.name == "reminder_paused" else "sent"] += 1
            found["late"] += one.late
            found["wrongly_marked"] += one.name == "reminder" and one.late != (waited > timedelta(minutes=15))
            chose = somebody.weekly.in_quiet_hours and waited <= timedelta(minutes=15)
            found["in_quiet_hours"] += (is_quiet(one.at, zone) and not chose) or waited > timedelta(hours=12)
        paused_at = min((one.at for one in sent if one.name == "reminder_paused"), default=None)
        for date in dates:
            if date > _at(self.days * 96 - 1) - timedelta(hours=12):
                break  # it may still come after the end
            found["dates"] += 1
            found["twice"] += matched[date] > 1
            if matched[date] or (paused_at and date > paused_at):
                continue
            found["lost" if self._could_come(somebody, date) else "skipped"] += 1
        return found

    def _dates(self, somebody: Somebody) -> list[datetime]:
        end = _at(self.days * 96)
        dates, at = [], START
        while (at := next_occurrence(somebody.weekly, zone_of(somebody.zone), after=at)) <= end:
            dates.append(at)
        return dates

    def _could_come(self, somebody: Somebody, date: datetime) -> bool:
        """Was any process alive while it was on time, or late by day?"""
        zone = zone_of(somebody.zone)
        first = bisect_left(self.alive_at, date + timedelta(minutes=5))
        for at in self.alive_at[first : bisect_right(self.alive_at, date + timedelta(hours=12))]:
            on_time = at - date <= timedelta(minutes=15)
            if not is_quiet(at, zone) or (on_time and somebody.weekly.in_quiet_hours):
                return True
        return False


class _Answering:
    """The people who tap on their reminders."""

    def __init__(self, stack: "_Opened") -> None:
        self._opened = stack

    @classmethod
    async def open(cls, url: str) -> "_Answering":
        return cls(await _Opened.of(url))

    async def due_by(self, at: datetime) -> bool:
        due_at = await ReminderRows(self._opened.database).next_due_at()
        return due_at is not None and due_at <= at

    async def everybody_taps(self) -> None:
        taps = update(reminder).where(reminder.c.person_id % NEVER_ANSWERS != 0, reminder.c.ignored > 0)
        await self._opened.database.write(lambda connection: connection.execute(taps.values(ignored=0)))

    async def close(self) -> None:
        await self._opened.close()


class _Opened:
    """A database held open over several runs of one event loop."""

    def __init__(self, url: str) -> None:
        self._context = Database.open(url, Keyring.from_setting(KEY))
        self.database: Database

    @classmethod
    async def of(cls, url: str) -> "_Opened":
        opened = cls(url)
        opened.database = await opened._context.__aenter__()
        return opened

    async def close(self) -> None:
        await self._context.__aexit__(None, None, None)


def _at(step: int) -> datetime:
    return FIRST_STEP + STEP * step


def _rows_of(one: Somebody, vault: Vault) -> tuple[dict[str, object], dict[str, object]]:
    date = next_week(one.weekly, zone_of(one.zone), one.number, rules=rules(), after=START)
    human: dict[str, object] = {
        "id": one.number,
        "key": vault.pseudonym("person", one.number),
        "created_at": START,
        "seen_at": START,
        **BLANK,
    }
    chosen: dict[str, object] = {
        "person_id": one.number,
        "state": "on",
        "weekday": one.weekly.weekday,
        "minute": one.weekly.minute,
        "occurs_at": date.occurs_at,
        "next_due_at": date.due_at,
        "snoozed": False,
        "rules": date.rules,
        "ignored": 0,
    }
    return human, chosen


def _parsed(line: str) -> Sent:
    number, name, seconds, late = line.split()
    return Sent(number=int(number), name=name, at=EPOCH + timedelta(seconds=int(seconds)), late=late == "1")


def full_size() -> bool:
    return bool(os.environ.get("SKINBOT_YEAR"))
