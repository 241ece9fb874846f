"""A line of the table: a median of ratios, how far they spread, and what was aimed at."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, kw_only=True)
class Line:
    """`measured` and its `spread` in the same unit; `met` is None where nothing is aimed at."""

    what: str
    against: str
    measured: str
    spread: str
    target: str
    met: bool | None

    @classmethod
    def ratio(cls, what: str, against: str, ratios: Sequence[float], *, at_most: float) -> Self:
        """Ours over theirs, one ratio for each round."""
        middle = statistics.median(ratios)
        return cls(
            what=what,
            against=against,
            measured=f"{middle:.2f}×",
            spread=f"{min(ratios):.2f}–{max(ratios):.2f}",
            target=f"≤ {at_most:.2f}×",
            met=middle <= at_most,
        )

    @classmethod
    def bound(cls, what: str, against: str, ratios: Sequence[float]) -> Self:
        """What a part that is given costs by itself: the line it belongs to can't come below that."""
        whole = cls.ratio(what, against, ratios, at_most=math.inf)
        return replace(whole, target="–", met=None)

    @property
    def row(self) -> str:
        verdict = {True: "met", False: "**missed**", None: "–"}[self.met]
        return f"| {self.what} | {self.against} | {self.measured} | {self.spread} | {self.target} | {verdict} |"


HEADER = "| what | floor or peer | measured | spread | target | |\n|---|---|---|---|---|---|"


def cpu_ratios(ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int) -> list[float]:
    """CPU seconds of one over the other, taken turn by turn so that a busy machine meets both."""
    ours(), theirs()
    return [_cpu_seconds(ours) / _cpu_seconds(theirs) for _ in range(rounds)]


def wall_ratios(ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int) -> list[float]:
    ours(), theirs()
    return [_wall_seconds(ours) / _wall_seconds(theirs) for _ in range(rounds)]


def _cpu_seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def _wall_seconds(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before
