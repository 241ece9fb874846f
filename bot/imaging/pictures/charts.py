"""One measure over time, for a phone: photos as points, the person's own spread as a band, notes as marks."""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.imaging.pictures.chart import Chart, ChartBar, ChartPoint
from bot.imaging.pictures.chart_paper import FINER, GRID, GROUND, INK, MARGIN, ChartPaper, Colour, Place
from bot.imaging.pictures.lettering import Weight, cut_to_fit, fitting, font, written

_HEIGHT: Final = 1000
_LEFT, _RIGHT, _TOP, _BOTTOM = 110, 1030, 210, 760
_QUIET_INK: Final[Colour] = (120, 116, 124)
_BAND: Final[Colour] = (224, 229, 238)
_USUAL: Final[Colour] = (150, 162, 184)
_POINT: Final[Colour] = (72, 88, 118)
_HOLLOW: Final[Colour] = (176, 156, 132)
_BETTER: Final[Colour] = (10, 128, 92)
_WORSE: Final[Colour] = (200, 92, 40)
_NOTE: Final[Colour] = (122, 92, 168)
_TRIED: Final[Colour] = (38, 98, 170)
_BAR: Final[Colour] = (128, 142, 168)
_BAR_ROW: Final = 62
_LEAST_BAR: Final = 14


def draw_chart(chart: Chart) -> bytes:
    """A JPEG of 1080×1000 px, and a little higher for each bar."""
    sheet = _ChartSheet(chart)
    sheet.draw_head()
    sheet.draw_band()
    sheet.draw_axes()
    sheet.draw_line()
    sheet.draw_lately()
    sheet.draw_points()
    sheet.draw_bars()
    sheet.draw_legend()
    return sheet.finished()


class _ChartSheet:
    """The drawing board; places are in the finished picture's pixels."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        below = _BAR_ROW * len(chart.bars) + (14 if chart.bars else 0)
        self._legend_top = _BOTTOM + 114 + below
        self._paper = ChartPaper(_HEIGHT + below)
        times = [point.when.timestamp() for point in chart.points]
        self._lately = _BETTER if chart.better else _WORSE
        self._first, self._last = (min(times), max(times)) if times else (0.0, 1.0)

    def finished(self) -> bytes:
        return self._paper.finished()

    def draw_head(self) -> None:
        self._paper.write((MARGIN, 76), self._chart.words.title, 52, anchor="ls", weight=Weight.MEDIUM)
        colour = self._lately if self._chart.lately else _QUIET_INK
        self._paper.write((MARGIN, 136), self._chart.words.verdict, 36, anchor="ls", colour=colour)

    def draw_band(self) -> None:
        if self._chart.band is None:
            return
        low, high = self._chart.band
        top, bottom = self._y(min(high, self._chart.top)), self._y(low)
        self._paper.box((_LEFT, top), (_RIGHT, max(bottom, top + 3)), _BAND)

    def draw_axes(self) -> None:
        size = min((fitting(text, Weight.REGULAR, 32, _LEFT - 30).size for _, text in self._chart.ticks), default=32)
        for value, text in self._chart.ticks:
            self._paper.line((_LEFT, self._y(value)), (_RIGHT, self._y(value)), GRID, 2)
            self._paper.write((_LEFT - 22, self._y(value)), text, round(size), anchor="rm", colour=_QUIET_INK)
        for when, text in self._spaced_dates():
            self._paper.line((self._x(when), _BOTTOM), (self._x(when), _BOTTOM + 10), _QUIET_INK, 2)
            self._paper.write((self._x(when), _BOTTOM + 52), text, 32, anchor="ms", colour=_QUIET_INK)
        self._paper.line((_LEFT, _BOTTOM), (_RIGHT, _BOTTOM), _QUIET_INK, 2)

    def draw_line(self) -> None:
        joined = [self._place(point) for point in self._chart.points if not point.hollow]
        for start, end in itertools.pairwise(joined):
            self._paper.line(start, end, _USUAL, 4)

    def draw_lately(self) -> None:
        if self._chart.lately is None:
            return
        since, level = self._chart.lately
        y = self._y(min(level, self._chart.top))
        self._paper.line((max(self._x(since) - 26, _LEFT), y), (_RIGHT, y), self._lately, 6)

    def draw_points(self) -> None:
        size = self._point_size()
        changed = self._chart.lately[0] if self._chart.lately else None
        for point in self._chart.points:
            place = self._place(point)
            if point.hollow:
                self._ring(place, size, _HOLLOW)
            else:
                self._dot(place, size, self._lately if changed is not None and point.when >= changed else _POINT)
            if point.noted:
                self._flag(place[0])
            if point.tried:
                self._pin(place[0], base=_BOTTOM - (40 if point.noted else 0))

    def draw_bars(self) -> None:
        """What was used, each under its name; where it began before the chart, or goes on, the bar ends in a tip."""
        for place, bar in enumerate(self._chart.bars):
            top = _BOTTOM + 86 + _BAR_ROW * place
            left, right = self._span(bar)
            name = cut_to_fit(written(bar.name) or self._chart.words.used, Weight.REGULAR, 29, _RIGHT - _LEFT)
            wide = font(Weight.REGULAR, 29).getlength(name)
            self._paper.write((min(left, _RIGHT - wide), top + 26), name, 29, anchor="ls", colour=INK)
            self._paper.box((left, top + 36), (right, top + 46), _BAR)
            if bar.start is None:
                self._tip(left, top + 41, ahead=-1)
            if bar.end is None:
                self._tip(right, top + 41, ahead=1)

    def _span(self, bar: ChartBar) -> tuple[float, float]:
        """A bar of a single day, or of what began after the last photo, is still one that is seen."""
        left = _LEFT if bar.start is None else min(max(self._x(bar.start), _LEFT), _RIGHT - _LEAST_BAR)
        right = _RIGHT if bar.end is None else min(max(self._x(bar.end), left + _LEAST_BAR), _RIGHT)
        return left, right

    def _tip(self, x: float, y: float, *, ahead: int) -> None:
        points = [(x + 12 * ahead, y), (x - 4 * ahead, y - 12), (x - 4 * ahead, y + 12)]
        self._paper.draw.polygon([(px * FINER, py * FINER) for px, py in points], fill=_BAR)

    def draw_legend(self) -> None:
        """Only what is on this chart, in two columns."""
        words, chart = self._chart.words, self._chart
        entries = [
            ("dot", words.photo, True),
            ("band", words.spread, chart.band is not None),
            ("ring", words.hollow, any(point.hollow for point in chart.points)),
            ("lately", words.lately, chart.lately is not None),
            ("flag", words.note, any(point.noted for point in chart.points)),
            ("pin", words.tried, any(point.tried for point in chart.points)),
        ]
        shown = [(symbol, text) for symbol, text, there in entries if there]
        for place, (symbol, text) in enumerate(shown):
            x = MARGIN if place % 2 == 0 else 590
            self._entry(symbol, text, x, self._legend_top + 50 * (place // 2))

    def _entry(self, symbol: str, text: str, x: float, y: float) -> None:
        middle = (x + 24, y)
        if symbol == "dot":
            self._dot(middle, 11, _POINT)
        elif symbol == "ring":
            self._ring(middle, 11, _HOLLOW)
        elif symbol == "band":
            self._paper.box((x, y - 13), (x + 48, y + 13), _BAND)
        elif symbol == "lately":
            self._paper.line((x, y), (x + 48, y), self._lately, 6)
        elif symbol == "pin":
            self._pin(x + 24, base=y + 15)
        else:
            self._flag(x + 24, base=y + 12)
        self._paper.write((x + 64, y), text, 31, anchor="lm", width=400)

    def _spaced_dates(self) -> Sequence[tuple[datetime, str]]:
        """Dates that would run into their neighbours are left out; the first and the last stay."""
        face = font(Weight.REGULAR, 32)
        kept: list[tuple[datetime, str]] = []
        for when, text in self._chart.dates:
            width = face.getlength(text) + 28
            while len(kept) > 1 and when == self._chart.dates[-1][0] and self._x(when) - self._x(kept[-1][0]) < width:
                kept.pop()
            if not kept or self._x(when) - self._x(kept[-1][0]) >= width:
                kept.append((when, text))
        return kept

    def _point_size(self) -> float:
        return 13 if len(self._chart.points) <= 24 else 9 if len(self._chart.points) <= 45 else 7

    def _x(self, when: datetime) -> float:
        inner_left, inner_right = _LEFT + 46, _RIGHT - 40
        if self._last <= self._first:
            return (inner_left + inner_right) / 2
        share = (when.timestamp() - self._first) / (self._last - self._first)
        return inner_left + (inner_right - inner_left) * share

    def _y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * value / self._chart.top

    def _place(self, point: ChartPoint) -> Place:
        return self._x(point.when), self._y(min(point.value, self._chart.top))

    def _dot(self, place: Place, radius: float, colour: Colour) -> None:
        self._paper.disc(place, radius + 4, GROUND)
        self._paper.disc(place, radius, colour)

    def _ring(self, place: Place, radius: float, colour: Colour) -> None:
        self._paper.disc(place, radius, colour)
        self._paper.disc(place, radius - 4, GROUND)

    def _flag(self, x: float, *, base: float = _BOTTOM) -> None:
        """A small drop that stands on the axis."""
        points = [(x, base), (x - 11, base - 20), (x + 11, base - 20)]
        self._paper.draw.polygon([(px * FINER, py * FINER) for px, py in points], fill=_NOTE)
        self._paper.disc((x, base - 22), 11, _NOTE)

    def _pin(self, x: float, *, base: float) -> None:
        """A needle with a round head: something was tried from here on."""
        self._paper.line((x, base), (x, base - 22), _TRIED, 3)
        self._paper.disc((x, base - 24), 9, _TRIED)
        self._paper.disc((x, base - 24), 3, GROUND)
