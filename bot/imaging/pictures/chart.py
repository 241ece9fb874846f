"""What stands on a chart of one measure over time."""

import math
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ChartPoint:
    """`when` in UTC: a zone would be a file to open. `value` on the chart's axis. `hollow`: it does not compare.

    `noted`, `tried`: what stands on the axis below it.
    """

    when: datetime
    value: float
    hollow: bool = False
    noted: bool = False
    tried: bool = False


@dataclass(frozen=True, kw_only=True)
class ChartBar:
    """What was used, from when to when. None: since before the chart's first point, or still."""

    name: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChartWords:
    """What is written on the chart, in the person's language."""

    title: str
    verdict: str
    photo: str
    spread: str
    hollow: str
    lately: str
    note: str
    tried: str
    used: str  # instead of a name that the font can't write


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Everything that is drawn. `ticks`: (value, text) up the axis, an empty text leaves its line without one;

    `dates`: (time, text) along it, oldest first.

    `band`: where the person's photos fall by themselves. `lately`: (first time, level) of the newest photos, where
    these are at another level, and `better` whether that is a good one for this person. `top`: the axis's upper end;
    its lower one is 0. `bars` stand under it.
    """

    words: ChartWords
    points: tuple[ChartPoint, ...]
    ticks: tuple[tuple[float, str], ...]
    dates: tuple[tuple[datetime, str], ...]
    top: float
    band: tuple[float, float] | None = None
    lately: tuple[datetime, float] | None = None
    better: bool = False
    bars: tuple[ChartBar, ...] = ()


def nice_top(highest: float) -> tuple[float, float]:
    """The axis's upper end above `highest`, and the step between its lines: 1, 2 or 5 of some power of ten."""
    power = 10.0 ** math.floor(math.log10(max(highest, 1e-9) / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor * 4 >= highest)
    return step * max(1, math.ceil(round(highest / step, 6))), step
