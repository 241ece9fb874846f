"""The answer of an experiment, for a phone: week by week, or pair by pair, and where the true difference lies."""

import itertools
from statistics import fmean
from typing import Final

from bot.imaging.pictures.chart_paper import GRID, GROUND, MARGIN, ChartPaper, Colour, Place
from bot.imaging.pictures.experiment import AnswerPicture, AnswerPoint
from bot.imaging.pictures.lettering import Weight

_HEIGHT: Final = 1110
_LEFT, _RIGHT, _TOP, _BOTTOM = 130, 1010, 250, 660
_COLUMNS: Final = (360.0, 780.0)
_SCALE_Y: Final = 955
_QUIET_INK: Final[Colour] = (104, 100, 108)
_JOINED: Final[Colour] = (176, 184, 200)
_WITHOUT: Final[Colour] = (128, 112, 96)
_WITH: Final[Colour] = (38, 98, 170)
_KINDS: Final = {"helps": (10, 128, 92), "not": (88, 96, 116), "worse": (200, 92, 40), "unclear": (88, 96, 116)}


def draw_answer(answer: AnswerPicture) -> bytes:
    """A JPEG of 1080×1110 px."""
    sheet = _AnswerSheet(answer)
    sheet.draw_head()
    if answer.pairs:
        sheet.draw_pairs()
    elif answer.weeks and answer.points:
        sheet.draw_weeks()
    else:
        sheet.draw_too_few()
    if answer.interval is not None and answer.difference is not None:
        sheet.draw_difference(answer.difference, answer.interval)
    return sheet.finished()


class _AnswerSheet:
    """The drawing board; places are in the finished picture's pixels."""

    def __init__(self, answer: AnswerPicture) -> None:
        self._answer = answer
        self._colour = _KINDS[answer.kind]
        self._paper = ChartPaper(_HEIGHT)
        values = [point.value for point in answer.points] or [0.0]
        middle = (min(values) + max(values)) / 2
        reach = max(max(values) - min(values), answer.noticed) * 0.62  # what nobody would notice looks like nothing
        self._low, self._high = middle - reach, middle + reach

    def finished(self) -> bytes:
        return self._paper.finished()

    def draw_head(self) -> None:
        words = self._answer.words
        self._paper.write((MARGIN, 76), words.title, 44, anchor="ls", colour=_QUIET_INK)
        self._paper.write((MARGIN, 150), words.verdict, 60, anchor="ls", colour=self._colour, weight=Weight.MEDIUM)

    def draw_pairs(self) -> None:
        """Each pair joined; their means joined by the thick line."""
        left, right = _COLUMNS
        self._frame()
        for x in _COLUMNS:
            self._paper.line((x, _TOP), (x, _BOTTOM), GRID, 3)
        for without, with_it in self._answer.pairs:
            self._paper.line((left, self._y(without.value)), (right, self._y(with_it.value)), _JOINED, 5)
        means = [fmean(pair[arm].value for pair in self._answer.pairs) for arm in (0, 1)]
        self._paper.line((left, self._y(means[0])), (right, self._y(means[1])), self._colour, 9)
        for without, with_it in self._answer.pairs:
            self._ring((left, self._y(without.value)))
            self._dot((right, self._y(with_it.value)))
        words = self._answer.words
        self._paper.write((left, _BOTTOM + 58), words.without, 38, anchor="ms", width=400)
        self._paper.write((right, _BOTTOM + 58), words.with_it, 38, anchor="ms", width=400)

    def draw_weeks(self) -> None:
        """In their order, the mean of either kind beside them."""
        self._frame()
        answer = self._answer
        if self._low < 0 < self._high:
            self._paper.line((_LEFT - 40, self._y(0)), (_RIGHT + 40, self._y(0)), GRID, 3)
            last = fmean(point.value for point in answer.points[-2:])  # it stands where these do not
            y = self._y(0) + (38 if last > 0 else -14)
            self._paper.write((_RIGHT + 40, y), answer.words.alike, 28, anchor="rs", colour=_QUIET_INK)
        for week, text in enumerate(answer.weeks):
            self._paper.write((self._x(week), _BOTTOM + 44), text, 30, anchor="ms", colour=_QUIET_INK)
        for start, end in itertools.pairwise(answer.points):
            self._paper.line(self._place(start), self._place(end), _JOINED, 5)
        for with_it, colour in ((False, _WITHOUT), (True, self._colour)):
            there = [point for point in answer.points if point.with_it is with_it]
            if there:
                y = self._y(fmean(point.value for point in there))
                first, last = self._x(there[0].week), self._x(there[-1].week)
                self._paper.line((first - 26, y), (last + 26, y), colour, 9)
        for point in answer.points:
            (self._dot if point.with_it else self._ring)(self._place(point))
        self._ring((_LEFT + 14, _BOTTOM + 104))
        self._paper.write((_LEFT + 44, _BOTTOM + 106), answer.words.without, 34, anchor="lm", width=380)
        self._dot((_LEFT + 474, _BOTTOM + 104))
        self._paper.write((_LEFT + 504, _BOTTOM + 106), answer.words.with_it, 34, anchor="lm", width=380)

    def draw_too_few(self) -> None:
        """An empty chart would look like a finding."""
        middle = ((_LEFT + _RIGHT) / 2, (_TOP + _BOTTOM) / 2)
        self._paper.write(middle, self._answer.words.too_few, 44, anchor="mm", colour=_QUIET_INK)

    def draw_difference(self, difference: float, interval: tuple[float, float]) -> None:
        words, noticed = self._answer.words, self._answer.noticed
        self._paper.write((MARGIN, _SCALE_Y - 118), words.interval, 38, anchor="ls", weight=Weight.MEDIUM)
        span = 1.15 * max(abs(interval[0]), abs(interval[1]), 1.2 * noticed)
        middle, unit = (_LEFT + _RIGHT) / 2, (_RIGHT - _LEFT) / 2 / span
        self._paper.line((_LEFT - 40, _SCALE_Y), (_RIGHT + 40, _SCALE_Y), GRID, 4)
        self._paper.line((middle, _SCALE_Y - 52), (middle, _SCALE_Y + 52), _QUIET_INK, 4)
        for top in range(_SCALE_Y - 52, _SCALE_Y + 52, 16):
            self._paper.line((middle - noticed * unit, top), (middle - noticed * unit, top + 8), _QUIET_INK, 3)
        low, high = (middle + each * unit for each in interval)
        self._paper.box((low, _SCALE_Y - 9), (high, _SCALE_Y + 9), self._colour, radius=9)
        self._paper.disc((middle + difference * unit, _SCALE_Y), 24, GROUND)
        self._paper.disc((middle + difference * unit, _SCALE_Y), 17, self._colour)
        self._paper.write((middle, _SCALE_Y + 98), words.same, 32, anchor="ms", colour=_QUIET_INK, width=320)
        self._paper.write((_LEFT - 50, _SCALE_Y + 98), words.better, 34, anchor="ls", width=260)
        self._paper.write((_RIGHT + 50, _SCALE_Y + 98), words.worse, 34, anchor="rs", width=260)
        x = middle - noticed * unit
        self._paper.write((x, _SCALE_Y - 64), words.noticed, 28, anchor="ms", colour=_QUIET_INK, width=2 * (x - 20))

    def _frame(self) -> None:
        words = self._answer.words
        self._paper.line((_LEFT - 40, _TOP), (_LEFT - 40, _BOTTOM), GRID, 4)
        self._paper.line((_LEFT - 40, _BOTTOM), (_RIGHT + 40, _BOTTOM), GRID, 4)
        self._paper.write((_LEFT - 40, _TOP - 16), words.up, 30, anchor="ls", colour=_QUIET_INK)
        room = 190 if self._answer.pairs else 480  # up to the first column, where there are columns
        self._paper.write((_LEFT - 24, _BOTTOM - 14), words.down, 30, anchor="ls", colour=_QUIET_INK, width=room)

    def _x(self, week: int) -> float:
        last = max(len(self._answer.weeks) - 1, 1)
        return _LEFT + 30 + (_RIGHT - _LEFT - 30) * week / last

    def _y(self, value: float) -> float:
        return _BOTTOM - 50 - (_BOTTOM - _TOP - 70) * (value - self._low) / max(self._high - self._low, 1e-9)

    def _place(self, point: AnswerPoint) -> Place:
        return self._x(point.week), self._y(point.value)

    def _dot(self, place: Place) -> None:
        self._paper.disc(place, 18, GROUND)
        self._paper.disc(place, 14, _WITH)

    def _ring(self, place: Place) -> None:
        self._paper.disc(place, 18, GROUND)
        self._paper.disc(place, 14, _WITHOUT)
        self._paper.disc(place, 8, GROUND)
