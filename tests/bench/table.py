"""A line of the table: a median of rounds, how far they spread, what was aimed at, and why that was missed."""

import math
import os
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Self

SMALL: Final = bool(os.environ.get("BENCH_SMALL"))  # to see that a line works: its figures mean nothing
LARGE: Final = bool(os.environ.get("BENCH_LARGE"))  # what takes hours


def scaled(many: int) -> int:
    return max(2, many // 10) if SMALL else many


@dataclass(frozen=True, kw_only=True)
class Line:
    """`measured` and its `spread` in the same unit; `met` is None where nothing is aimed at. `why`: it is missed."""

    what: str
    against: str = "–"
    measured: str
    spread: str = "–"
    target: str = "–"
    met: bool | None = None
    why: str = ""

    @classmethod
    def ratio(
        cls,
        what: str,
        against: str,
        ratios: Sequence[float],
        *,
        at_most: float = math.inf,
        at_least: float = 0.0,
        why: str = "",
    ) -> Self:
        """Ours over theirs, one ratio for each round; without a bound nothing is aimed at."""
        middle = statistics.median(ratios)
        target, met = _aimed(middle, at_most, at_least, "{:.2f}×")
        return cls(
            what=what,
            against=against,
            measured=f"{middle:.2f}×",
            spread=f"{min(ratios):.2f}–{max(ratios):.2f}" if len(ratios) > 1 else "–",
            target=target,
            met=met,
            why=why,
        )

    @classmethod
    def amount(
        cls,
        what: str,
        amounts: Sequence[float],
        unit: str,
        *,
        against: str = "–",
        at_most: float = math.inf,
        at_least: float = 0.0,
        why: str = "",
    ) -> Self:
        """So much of a `unit`, one for each round. `unit`: as a format, "{:.0f} ms"."""
        middle = statistics.median(amounts)
        target, met = _aimed(
            middle, at_most, at_least, unit.replace(".0f", "g").replace(".1f", "g").replace(".2f", "g")
        )
        least, most = unit.format(min(amounts)).partition(" ")[0], unit.format(max(amounts))
        return cls(
            what=what,
            against=against,
            measured=unit.format(middle),
            spread=f"{least}–{most}" if len(amounts) > 1 else "–",
            target=target,
            met=met,
            why=why,
        )

    @property
    def row(self) -> str:
        verdict = {True: "met", False: "**missed**", None: "–"}[self.met]
        return f"| {self.what} | {self.against} | {self.measured} | {self.spread} | {self.target} | {verdict} |"


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of their own kind. `picture`: the same as an SVG; `name`: its file's."""

    title: str
    name: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    picture: str = field(repr=False)

    @property
    def text(self) -> str:
        lines = [self.header, ["---"] * len(self.header), *self.rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)


HEADER: Final = "| what | floor or peer | measured | spread | target | |\n|---|---|---|---|---|---|"


def _aimed(middle: float, at_most: float, at_least: float, unit: str) -> tuple[str, bool | None]:
    if at_most < math.inf:
        return f"≤ {unit.format(at_most)}", middle <= at_most
    if at_least > 0:
        return f"≥ {unit.format(at_least)}", middle >= at_least
    return "–", None


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share stays below; of few values the last one."""
    return sorted(values)[min(len(values) - 1, math.ceil(share * len(values)) - 1)]


def cpu_ratios(ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int) -> list[float]:
    """CPU seconds of one over the other, taken turn by turn so that a busy machine meets both."""
    ours(), theirs()
    return [cpu_seconds(ours) / cpu_seconds(theirs) for _ in range(rounds)]


def cpu_seconds(work: Callable[[], object]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before
