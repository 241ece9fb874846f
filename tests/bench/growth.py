"""How the cost grows with the people who wait, and with the processes that share the work."""

import json
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.bench.contest import Contestant, ours
from tests.bench.curves import Curve, drawn
from tests.bench.processes import watched
from tests.bench.table import LARGE, SMALL, Line, Table, quantile, scaled
from tests.bench.waiting import help_meanwhile
from tests.postgres import NO_SERVER, fresh_database

_WAITING: Final = (1, 10, 30) if SMALL else (1, 10, 100, 1_000)
_FLOOD: Final = 10_000 if LARGE else _WAITING[-1]
_REPEATED: Final = {1: 10, 10: 3}  # floods so small are over before anything can be read from them
_PROCESSES: Final = (1, 2, 4)
_SHARED: Final = 48
_EVERY_SECONDS: Final = 0.1


def with_people() -> Iterator[Line | Table]:
    """One process on SQLite; the loop is watched all the while."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder) / "figures.json"
        with ours("1280", module=("tests.faults.watched", str(figures))) as bot:
            yield from help_meanwhile(bot)
            points = [_point(bot, people) for people in (*_WAITING, *((_FLOOD,) if LARGE else ()))]
        late = json.loads(figures.read_text())
    yield Line.amount(
        f"longest stop of the loop, by the wall clock, at p99.9, while up to {_FLOOD:,} selfies wait",
        [late["late_p999_ms"]],
        "{:.0f} ms",
        against=f"its CPU between two looks, at the most ({late['busy_most_ms']:.0f} ms)",
        at_most=50.0,
        why="both cores are full, and the loop waits for one of them as everybody does",
    )
    yield Table(
        title="With the people who wait",
        name="growth-people",
        header=["selfies at once", "CPU a selfie", "memory of all processes, at the most", "/help, 95th percentile"],
        rows=[
            [f"{point.people:,}", f"{point.cpu_ms:.0f} ms", f"{point.memory_mb:.0f} MB", f"{point.help_ms:.0f} ms"]
            for point in points
        ],
        picture=drawn(
            [
                Curve(title="CPU a selfie, ms", values=[point.cpu_ms for point in points]),
                Curve(title="memory of all processes, MB", values=[point.memory_mb for point in points]),
                Curve(title="/help, 95th percentile, ms", values=[point.help_ms for point in points]),
            ],
            places=[f"{point.people:,}" for point in points],
            under="selfies at once",
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Point:
    people: int
    cpu_ms: float
    memory_mb: float
    help_ms: float


def _point(bot: Contestant, people: int) -> _Point:
    with watched(lambda: bot.bot.pss_mb_of_all, every_s=0.25) as memory:
        floods = [bot.flood(people, help_every=_EVERY_SECONDS) for _ in range(_REPEATED.get(people, 1))]
    waits = [wait for flood in floods for wait in flood.told.help_seconds]
    return _Point(
        people=people,
        cpu_ms=statistics.median(flood.cpu_ms for flood in floods),
        memory_mb=max(memory),
        help_ms=quantile(waits, 0.95) * 1000,
    )


def with_processes() -> Iterator[Table]:
    """All on one PostgreSQL, which works on the same cores."""
    speeds = {}
    for many in _PROCESSES:
        with fresh_database("bench_processes") as url:
            if url is None:
                raise LookupError(NO_SERVER)
            with ours("1280", processes=many, DATABASE_URL=url) as bots:
                speeds[many] = [bots.flood(scaled(_SHARED)).a_second for _ in range(2)]
    yield Table(
        title="With the processes that share a PostgreSQL",
        name="growth-processes",
        header=["processes", "selfies a second", "spread"],
        rows=[
            [str(many), f"{statistics.median(each):.1f}", f"{min(each):.1f}–{max(each):.1f}"]
            for many, each in speeds.items()
        ],
        picture=drawn(
            [Curve(title="selfies a second", values=[statistics.median(each) for each in speeds.values()])],
            places=[str(many) for many in speeds],
            under="processes",
        ),
    )
