"""What went on over time, one lane below the other on one axis of time: what was measured, and what was used.

Three columns hold all of it: what it is, the time, and what the signs mean or the dates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final

from bot.own_data.sheet.a4 import INK, LEFT, RIGHT, RULE, SOFT, A4Page, leading

PLOT: Final = LEFT + 43.0
PLOT_END: Final = RIGHT - 39.0
BESIDE: Final = PLOT_END + 4.0  # where the third column begins
NAME_WIDE: Final = 33.0  # of the first column, left of the numbers of an axis
BAR_ROW: Final = 4.3
COLUMNS_ROW: Final = 7.2
AXIS: Final = 5.0

_MANY: Final = 40  # dots, from which on they are smaller
_SMALL: Final = 7.0  # points
_HEAD: Final = 3.0  # above a lane, for letters and air
_LETTER: Final = 2.4  # what one takes
_A_DAY: Final = timedelta(days=1)


class Stroke(StrEnum):
    """How a line is told from others in black and white."""

    DOTS = "dots"
    SQUARES = "squares"
    TRIANGLES = "triangles"


_DASHES: Final = {Stroke.DOTS: 0.0, Stroke.SQUARES: 1.2, Stroke.TRIANGLES: 0.5}


@dataclass(frozen=True, kw_only=True)
class LanePoint:
    when: datetime
    value: float


@dataclass(frozen=True, kw_only=True)
class Band:
    """The usual range, for the time that it was seen in."""

    low: float
    high: float
    since: datetime
    until: datetime


@dataclass(frozen=True, kw_only=True)
class LaneLine:
    points: tuple[LanePoint, ...]
    stroke: Stroke = Stroke.DOTS


class Sign(StrEnum):
    """What a key explains, beside the strokes."""

    LOOSE = "loose"
    BAND = "band"
    LATELY = "lately"


@dataclass(frozen=True, kw_only=True)
class Lane:
    """`loose`: points that don't compare, hollow and joined to nothing. `lately`: a level since then.

    `keys`: what the signs in it mean.
    """

    title: str
    note: str
    top: float
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[LaneLine, ...]
    loose: tuple[LanePoint, ...] = ()
    band: Band | None = None
    lately: LanePoint | None = None
    keys: tuple[tuple[Stroke | Sign, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Columns:
    """A number of the person's own for each time they told it: a small lane of columns, 0 to `most`."""

    name: str
    note: str
    most: float
    points: tuple[LanePoint, ...]


@dataclass(frozen=True, kw_only=True)
class Bar:
    """Something that was used. `since`: None where nobody knows; `until`: None while it still is."""

    name: str
    dates: str
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class TimeAxis:
    """`letters`: the moments of the two photos that are shown."""

    start: datetime
    end: datetime
    dates: tuple[tuple[datetime, str], ...]
    letters: tuple[tuple[datetime, str], ...] = ()

    def x(self, when: datetime) -> float:
        """Within the plot, whatever the moment."""
        whole = (self.end - self.start) / _A_DAY
        share = (when - self.start) / _A_DAY / whole if whole else 0.5
        return PLOT + (PLOT_END - PLOT) * min(1.0, max(0.0, share))


def draw_lane(page: A4Page, lane: Lane, axis: TimeAxis, top: float, height: float) -> float:
    """Returns where the next begins."""
    start, floor = top + _HEAD, top + _HEAD + height
    _named(page, lane, start)

    def y(value: float) -> float:
        return floor - height * min(1.0, max(0.0, value / lane.top))

    if lane.band is not None:
        left, right = axis.x(lane.band.since), axis.x(lane.band.until)
        page.area(left, y(lane.band.high), right - left, max(0.5, y(lane.band.low) - y(lane.band.high)))
    for value, text in lane.ticks:
        page.rule(PLOT, y(value), PLOT_END, grey=SOFT if value == 0 else RULE)
        page.line(text, PLOT - 12, y(value) - leading(_SMALL) / 2, 10.5, size=_SMALL, ink=SOFT, align="R")
    for when, _ in axis.letters:
        page.way([(axis.x(when), start - 0.5), (axis.x(when), floor)], grey=SOFT, thick=0.2, dash=0.8)
    if lane.lately is not None:
        level = y(lane.lately.value)
        page.way([(axis.x(lane.lately.when), level), (PLOT_END, level)], thick=0.6, dash=1.6)
    radius = 0.85 if max(len(line.points) for line in lane.lines) < _MANY else 0.6
    for point in lane.loose:
        page.dot(axis.x(point.when), y(point.value), radius, hollow=True)
    for line in lane.lines:
        places = [(axis.x(point.when), y(point.value)) for point in line.points]
        page.way(places, thick=0.3, dash=_DASHES[line.stroke])
        for place in places:
            _mark(page, line.stroke, *place, radius)
    _keys(page, lane.keys, start)
    return floor


def draw_axis(page: A4Page, axis: TimeAxis, y: float) -> float:
    """The dates below the lanes."""
    page.rule(PLOT, y, PLOT_END, grey=SOFT)
    for when, text in axis.dates:
        x, wide = axis.x(when), page.width_of(text, size=_SMALL)
        page.way([(x, y), (x, y + 1)], grey=SOFT, thick=0.2)
        left = min(max(x - wide / 2, PLOT), PLOT_END - wide)
        page.line(text, left, y + 1.2, wide, size=_SMALL, ink=SOFT)
    return y + AXIS


def draw_columns(page: A4Page, columns: Columns, axis: TimeAxis, y: float) -> None:
    """One row; what was nothing at all is a dot on the line."""
    floor = y + COLUMNS_ROW - 1.2
    high = COLUMNS_ROW - 2.4
    page.line(columns.name, LEFT, floor - leading(8), PLOT - LEFT - 3, size=8)
    page.line(columns.note, BESIDE, floor - leading(_SMALL), RIGHT - BESIDE, size=_SMALL, ink=SOFT)
    page.rule(PLOT, floor - high, PLOT_END)
    page.rule(PLOT, floor, PLOT_END, grey=SOFT)
    places = [axis.x(point.when) for point in columns.points]
    wide = max(0.3, min([1.2, *(0.7 * (after - before) for before, after in pairwise(places))]))
    for x, point in zip(places, columns.points, strict=True):
        rise = max(0.35, high * point.value / columns.most)
        page.area(x - wide / 2, floor - rise, wide, rise, grey=70)


def draw_letters(page: A4Page, axis: TimeAxis, y: float) -> None:
    """Above the lanes, at the two photos; beside each other where these are near."""
    places = [axis.x(when) for when, _ in axis.letters]
    aside = 1.2 if places and places[-1] - places[0] < _LETTER else 0.0
    for (_, letter), x, way in zip(axis.letters, places, (-aside, aside), strict=False):
        page.line(letter, x + way - 2, y, 4, size=_SMALL, bold=True, align="C")


def draw_bar(page: A4Page, bar: Bar, axis: TimeAxis, y: float) -> None:
    """Its name, the time it was used, its dates; what was over before the axis begins has no bar."""
    page.line(bar.name, LEFT, y, PLOT - LEFT - 3, size=8)
    page.line(bar.dates, BESIDE, y + 0.3, RIGHT - BESIDE, size=_SMALL, ink=SOFT)
    middle = y + leading(8) / 2
    page.rule(PLOT, middle, PLOT_END)
    since, until = bar.since or axis.start, bar.until or axis.end
    if until < axis.start or since > axis.end:
        return
    left, right = axis.x(since), axis.x(until)
    page.area(left, middle - 0.9, max(0.8, right - left), 1.8, grey=110)
    if bar.until is None:
        page.shape([(PLOT_END, middle - 1.5), (PLOT_END + 1.8, middle), (PLOT_END, middle + 1.5)])
    if bar.since is None or bar.since < axis.start:
        page.shape([(PLOT, middle - 1.5), (PLOT - 1.8, middle), (PLOT, middle + 1.5)])


def _named(page: A4Page, lane: Lane, y: float) -> None:
    y = page.block(
        page.broken(lane.title, NAME_WIDE, size=9, bold=True, most=2), LEFT, y - 1, NAME_WIDE, size=9, bold=True
    )
    page.block(page.broken(lane.note, NAME_WIDE, size=_SMALL, most=5), LEFT, y + 0.4, NAME_WIDE, size=_SMALL, ink=SOFT)


def _keys(page: A4Page, keys: Sequence[tuple[Stroke | Sign, str]], y: float) -> None:
    for sign, text in keys:
        middle, left = y + leading(_SMALL) / 2, BESIDE
        if isinstance(sign, Stroke):
            page.way([(left, middle), (left + 5, middle)], thick=0.3, dash=_DASHES[sign])
            _mark(page, sign, left + 2.5, middle, 0.85)
        elif sign is Sign.LOOSE:
            page.dot(left + 2.5, middle, 0.85, hollow=True)
        elif sign is Sign.BAND:
            page.area(left, middle - 1, 5, 2)
        else:
            page.way([(left, middle), (left + 5, middle)], thick=0.6, dash=1.6)
        lines = page.broken(text, RIGHT - BESIDE - 6.5, size=_SMALL, most=3)
        y = page.block(lines, BESIDE + 6.5, y, RIGHT - BESIDE - 6.5, size=_SMALL, ink=SOFT) + 0.8


def _mark(page: A4Page, stroke: Stroke, x: float, y: float, radius: float) -> None:
    if stroke is Stroke.DOTS:
        page.dot(x, y, radius)
    elif stroke is Stroke.SQUARES:
        page.area(x - radius, y - radius, 2 * radius, 2 * radius, grey=INK)
    else:
        page.shape([(x - radius * 1.2, y + radius), (x + radius * 1.2, y + radius), (x, y - radius * 1.2)])
