"""The page for a doctor, laid out: what matters first, and as much of the rest as one side of A4 holds."""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.own_data.sheet.a4 import BOTTOM, INK, LEFT, RIGHT, SOFT, TOP, WIDE, A4Page, leading
from bot.own_data.sheet.lanes import (
    AXIS,
    BAR_ROW,
    COLUMNS_ROW,
    PLOT,
    PLOT_END,
    Bar,
    Columns,
    Lane,
    TimeAxis,
    draw_axis,
    draw_bar,
    draw_columns,
    draw_lane,
    draw_letters,
)

_LABEL: Final = 24.0  # the first of two columns
_PHOTO: Final = 39.0
_BETWEEN: Final = 3.0
_SECTION: Final = 4.0  # air before a heading
_HEADING: Final = 5.2
_TALLEST_LANE: Final = 34.0
_LEAST_LANES: Final = (30.0, 26.0, 22.0)  # each, by how many there are; what was felt is one more
_FELT: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class PrintedPair:
    """Two JPEGs of one shape, the earlier first, and what stands below them."""

    before: bytes
    after: bytes
    captions: tuple[str, str]
    note: str


@dataclass(frozen=True, kw_only=True)
class Section:
    """`rows`: two columns each, the newest first. `most`: lines of a row."""

    title: str
    rows: tuple[tuple[str, str], ...]
    most: int = 2


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Every word of the page. `felt`: above the `columns`. `more`: how "and 1 more", "and 2 more" … is said."""

    title: str
    made: str
    name: str
    facts: tuple[tuple[str, str], ...]
    pair: PrintedPair | None
    lanes: tuple[Lane, ...]
    axis: TimeAxis
    felt: tuple[str, str] | None
    columns: tuple[Columns, ...]
    bars_title: str
    bars: tuple[Bar, ...]
    sections: tuple[Section, ...]
    more: tuple[str, ...]
    footer: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, kw_only=True)
class _PartRow:
    """One row of a part of the page that may be cut: how high it is, and how it is drawn at some height."""

    height: float
    draw: Callable[[float], None]


@dataclass(frozen=True, kw_only=True)
class _Part:
    """`at_once`: so many of its rows take their turn together."""

    title: str
    rows: tuple[_PartRow, ...]
    at_once: int = 1


def draw_sheet(sheet: Sheet) -> bytes:
    with closing(A4Page(sheet.title, sheet.made_at)) as page:
        _draw(page, sheet)
        return page.finished()


def _draw(page: A4Page, sheet: Sheet) -> None:
    y = _heading(page, sheet)
    y = max(_facts(page, sheet, y), _photos(page, sheet.pair, y))
    foot = _footer(page, sheet.footer)
    parts = [part for part in (_bars(page, sheet), *(_section(page, each) for each in sheet.sections)) if part.rows]
    felt = _FELT + len(sheet.columns) * COLUMNS_ROW if sheet.columns else 0.0
    least = _LEAST_LANES[min(len(sheet.lanes) + bool(sheet.columns), len(_LEAST_LANES)) - 1]
    lane = _lane_height(len(sheet.lanes), parts, foot - y - felt, least=least)
    y = _lanes(page, sheet, y, lane)
    counts = _allotted(parts, foot - y)
    for part, count in zip(parts, counts, strict=True):
        y = _drawn(page, part, count, sheet.more, y)


def _heading(page: A4Page, sheet: Sheet) -> float:
    page.line(sheet.title, LEFT, TOP, WIDE - 45, size=16, bold=True)
    page.line(sheet.made, RIGHT - 45, TOP + 2.6, 45, ink=SOFT, align="R")
    y = TOP + 12.5
    page.line(sheet.name, LEFT, y, _LABEL, bold=True)
    page.rule(LEFT + _LABEL, y + leading(8.5), LEFT + 105, grey=SOFT)
    return y + 8.5


def _facts(page: A4Page, sheet: Sheet, y: float) -> float:
    """What one should know who reads nothing else."""
    wide = WIDE - _LABEL - (2 * _PHOTO + _BETWEEN + 6 if sheet.pair else 0)
    for label, text in sheet.facts:
        page.line(label, LEFT, y, _LABEL - 2, bold=True)
        y = page.block(page.broken(text, wide, most=6), LEFT + _LABEL, y, wide) + 1.5
    return y


def _photos(page: A4Page, pair: PrintedPair | None, y: float) -> float:
    if pair is None:
        return y
    high = 0.0
    for jpeg, caption, x in (
        (pair.before, pair.captions[0], RIGHT - 2 * _PHOTO - _BETWEEN),
        (pair.after, pair.captions[1], RIGHT - _PHOTO),
    ):
        high = page.picture(jpeg, x, y, _PHOTO)
        page.line(caption, x, y + high + 1, _PHOTO, size=8, bold=True)
    left, wide = RIGHT - 2 * _PHOTO - _BETWEEN, 2 * _PHOTO + _BETWEEN
    below = y + high + 1 + leading(8)
    return page.block(page.broken(pair.note, wide, size=7, most=2), left, below, wide, size=7, ink=SOFT) + 1


def _lanes(page: A4Page, sheet: Sheet, y: float, height: float) -> float:
    if not sheet.lanes and not sheet.columns:
        return y
    y += _SECTION - 1.5
    draw_letters(page, sheet.axis, y - 1.2)
    for lane in sheet.lanes:
        y = draw_lane(page, lane, sheet.axis, y, height) + 1.5
    if sheet.felt is None:
        return draw_axis(page, sheet.axis, y - 1.5)
    title, note = sheet.felt
    page.line(title, LEFT, y + 1, PLOT - LEFT - 3, size=9, bold=True)
    page.line(note, PLOT, y + 1.6, PLOT_END - PLOT, size=7, ink=SOFT)
    y += _FELT
    for columns in sheet.columns:
        draw_columns(page, columns, sheet.axis, y)
        y += COLUMNS_ROW
    return draw_axis(page, sheet.axis, y - 1.2)


def _lane_height(lanes: int, parts: Sequence[_Part], room: float, *, least: float) -> float:
    """As high as what stands below leaves it."""
    if not lanes:
        return 0.0
    rest = room - sum(_SECTION + _HEADING + sum(row.height for row in part.rows) for part in parts) - AXIS - _SECTION
    return min(_TALLEST_LANE, max(least, rest / lanes - 4.5))


def _bars(page: A4Page, sheet: Sheet) -> _Part:
    def row(bar: Bar) -> _PartRow:
        return _PartRow(height=BAR_ROW, draw=lambda y: draw_bar(page, bar, sheet.axis, y))

    return _Part(title=sheet.bars_title, rows=tuple(row(bar) for bar in sheet.bars), at_once=3)


def _section(page: A4Page, section: Section) -> _Part:
    wide = WIDE - _LABEL

    def row(head: str, text: str) -> _PartRow:
        lines = page.broken(text, wide, most=section.most)

        def draw(y: float) -> None:
            page.line(head, LEFT, y, _LABEL - 2, size=8, ink=SOFT)
            page.block(lines, LEFT + _LABEL, y, wide)

        return _PartRow(height=len(lines) * leading(8.5) + 0.8, draw=draw)

    return _Part(title=section.title, rows=tuple(row(*each) for each in section.rows))


def _allotted(parts: Sequence[_Part], room: float) -> list[int]:
    """How many rows of each part have room: some of each in turn, for as long as there is."""
    counts = [0] * len(parts)
    room -= (_SECTION + _HEADING) * len(parts)
    open_parts = set(range(len(parts)))
    while open_parts:
        for place in sorted(open_parts):
            rows = parts[place].rows
            for _ in range(parts[place].at_once):
                if counts[place] == len(rows) or rows[counts[place]].height > room:
                    open_parts.discard(place)
                    break
                room -= rows[counts[place]].height
                counts[place] += 1
    return counts


def _drawn(page: A4Page, part: _Part, count: int, more: Sequence[str], y: float) -> float:
    """What finds no room is counted beside the heading."""
    y += _SECTION
    page.line(part.title, LEFT, y, WIDE / 2, size=9, bold=True)
    if count < len(part.rows):
        page.line(more[len(part.rows) - count - 1], LEFT + WIDE / 2, y + 0.4, WIDE / 2, size=7.5, ink=SOFT, align="R")
    y += _HEADING
    for row in part.rows[:count]:
        row.draw(y)
        y += row.height
    return y


def _footer(page: A4Page, lines: Sequence[str]) -> float:
    """At the bottom; returns where it begins."""
    broken = [line for text in lines for line in page.broken(text, WIDE, size=7.2)]
    top = BOTTOM - len(broken) * leading(7.2)
    page.rule(LEFT, top - 1.8, RIGHT, grey=INK, thick=0.25)
    page.block(broken, LEFT, top, WIDE, size=7.2, ink=SOFT)
    return top - 3.5
