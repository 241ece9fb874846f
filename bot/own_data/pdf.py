"""The doctor's sheet as a PDF: one A4 page, laid out here; its words come in, none stand here."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.fonts import TTFFont

_FONTS: Final = Path(__file__).parent / "fonts"
_MARGIN: Final = 16.0  # all in millimetres
_WIDTH: Final = 210.0 - 2 * _MARGIN
_BOTTOM: Final = 297.0 - 22.0
_ROW: Final = 6.2
_CHART_HEIGHT: Final = 46.0
_INK: Final = (34, 34, 40)
_FAINT: Final = (120, 120, 130)
_RULE: Final = (214, 214, 222)
_GROUND: Final = (246, 246, 249)
_LINES: Final = ((196, 56, 56), (188, 136, 0), (122, 72, 190), (30, 110, 190), (214, 110, 20), (130, 84, 50))
_UNKNOWN: Final = "\u25a1"


@dataclass(frozen=True, kw_only=True)
class TableSeries:
    """One line of the chart: a value for each date, None where there was none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """Every word of the page, in the order in which they stand on it."""

    title: str
    intro: str
    chart_title: str
    series: tuple[TableSeries, ...]
    dates: tuple[datetime, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    legend: str
    notes_title: str
    notes: tuple[tuple[str, str], ...]
    more_notes: str
    footer: str
    made_at: datetime


def draw_sheet(sheet: Sheet) -> bytes:
    """One A4 page. Signs that the font does not have become empty squares."""
    page = _PdfPage(sheet.made_at)
    page.heading(sheet.title, sheet.intro)
    page.table(sheet.columns, sheet.rows)
    if sheet.legend:
        page.small(sheet.legend)
    if sheet.series and len(sheet.dates) > 1:
        page.chart(sheet.chart_title, sheet.series, sheet.dates, ends=(sheet.rows[0][0], sheet.rows[-1][0]))
    if sheet.notes:
        page.notes(sheet.notes_title, sheet.notes, sheet.more_notes)
    page.footer_text(sheet.footer)
    return page.finished()


class _PdfPage:
    def __init__(self, made_at: datetime) -> None:
        self._pdf = FPDF(format="A4")
        self._pdf.set_creation_date(made_at)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(_MARGIN)
        self._pdf.add_font("sheet", "", _FONTS / "DejaVuSans.ttf")
        self._pdf.add_font("sheet", "B", _FONTS / "DejaVuSans-Bold.ttf")
        self._pdf.add_page()
        self._known = _signs(self._pdf)

    def finished(self) -> bytes:
        return bytes(self._pdf.output())

    def heading(self, title: str, intro: str) -> None:
        self._font(17, bold=True)
        self._block(title, 8)
        self._font(8.5, colour=_FAINT)
        self._block(intro, 4.3)
        self._pdf.ln(4)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """The first column (dates) and the last (remarks on the photo) are wide, the counts between them narrow."""
        pdf, widths = self._pdf, _widths(len(columns))
        self._font(7.5, bold=True)
        top = pdf.get_y()
        wide = {_MARGIN, _MARGIN + sum(widths[:-1])}
        heights = [
            self._cell_text(text, width, x, top, "L" if x in wide else "C")
            for text, width, x in _placed(columns, widths)
        ]
        pdf.set_y(top + max(heights) + 1)
        for place, row in enumerate(rows):
            if place % 2 == 0:
                pdf.set_fill_color(*_GROUND)
                pdf.rect(_MARGIN, pdf.get_y(), _WIDTH, _ROW, style="F")
            top = pdf.get_y()
            for column, (text, width, x) in enumerate(_placed(row, widths)):
                self._font(8 if column < len(columns) - 1 else 7)
                pdf.set_xy(x, top)
                centred = "C" if 0 < column < len(columns) - 1 else "L"
                pdf.cell(width, _ROW, self._fitting(text, width - 2), align=centred)
            pdf.set_y(top + _ROW)
        pdf.ln(2)

    def small(self, text: str) -> None:
        self._font(7.5, colour=_FAINT)
        self._block(text, 3.8)
        self._pdf.ln(2)

    def chart(
        self, title: str, series: Sequence[TableSeries], dates: Sequence[datetime], *, ends: tuple[str, str]
    ) -> None:
        """`ends`: the first and the last date in words."""
        pdf = self._pdf
        self._font(10.5, bold=True)
        self._block(title, 6)
        left, top, wide = _MARGIN + 9, pdf.get_y() + 2, _WIDTH - 9 - 46
        most = _rounded_up(max((value for line in series for value in line.values if value is not None), default=1))
        self._grid(left, top, wide, most)
        for place, line in enumerate(series):
            self._line(line, _LINES[place % len(_LINES)], dates, left=left, top=top, wide=wide, most=most, place=place)
        self._ends(ends, left=left, bottom=top + _CHART_HEIGHT, wide=wide)
        pdf.set_y(top + _CHART_HEIGHT + 8)

    def notes(self, title: str, notes: Sequence[tuple[str, str]], more: str) -> None:
        pdf = self._pdf
        self._font(10.5, bold=True)
        self._block(title, 6)
        for date, text in notes:
            self._font(8)
            lines = self._lines(text, _WIDTH - 30)
            if pdf.get_y() + 4.2 * min(len(lines), 3) > _BOTTOM - 5:
                self._font(7.5, colour=_FAINT)
                self._block(more, 4)
                return
            top = pdf.get_y()
            pdf.cell(28, 4.2, self._readable(date))
            cut = lines[:3] if len(lines) <= 3 else [*lines[:2], self._fitting(lines[2] + "…" * 9, _WIDTH - 34)]
            pdf.set_xy(_MARGIN + 30, top)
            pdf.multi_cell(_WIDTH - 30, 4.2, "\n".join(cut), align="L")
            pdf.set_xy(_MARGIN, top + 4.2 * len(cut) + 0.8)

    def footer_text(self, text: str) -> None:
        self._pdf.set_y(_BOTTOM + 2)
        self._pdf.set_draw_color(*_RULE)
        self._pdf.line(_MARGIN, _BOTTOM, _MARGIN + _WIDTH, _BOTTOM)
        self._font(7.5, colour=_FAINT)
        self._block(text, 3.8)

    def _grid(self, left: float, top: float, wide: float, most: float) -> None:
        pdf = self._pdf
        pdf.set_draw_color(*_RULE)
        pdf.set_line_width(0.2)
        self._font(7, colour=_FAINT)
        for step in range(5):
            y = top + _CHART_HEIGHT * (1 - step / 4)
            pdf.line(left, y, left + wide, y)
            pdf.set_xy(left - 10, y - 2)
            pdf.cell(8.5, 4, f"{most * step / 4:g}", align="R")

    def _line(
        self,
        line: TableSeries,
        colour: tuple[int, int, int],
        dates: Sequence[datetime],
        *,
        left: float,
        top: float,
        wide: float,
        most: float,
        place: int,
    ) -> None:
        pdf = self._pdf
        points = [
            (left + wide * _along(dates, when), top + _CHART_HEIGHT * (1 - value / most))
            for when, value in zip(dates, line.values, strict=True)
            if value is not None
        ]
        pdf.set_draw_color(*colour)
        pdf.set_fill_color(*colour)
        pdf.set_line_width(0.5)
        for (x, y), (next_x, next_y) in pairwise(points):
            pdf.line(x, y, next_x, next_y)
        for x, y in points:
            pdf.circle(x, y, 0.9, style="F")
        key_y = top + 3 + 7.5 * place
        pdf.line(left + wide + 5, key_y, left + wide + 11, key_y)
        pdf.circle(left + wide + 8, key_y, 0.9, style="F")
        self._font(7)
        pdf.set_xy(left + wide + 11.5, key_y - 2)
        pdf.multi_cell(_WIDTH + _MARGIN - left - wide - 11.5, 3.2, self._readable(line.name), align="L")

    def _ends(self, ends: tuple[str, str], *, left: float, bottom: float, wide: float) -> None:
        self._font(7, colour=_FAINT)
        for text, x, align in ((ends[0], left - 1, "L"), (ends[1], left + wide - 29, "R")):
            self._pdf.set_xy(x, bottom + 1)
            self._pdf.cell(30, 4, self._readable(text), align=align)

    def _font(self, size: float, *, bold: bool = False, colour: tuple[int, int, int] = _INK) -> None:
        self._pdf.set_font("sheet", "B" if bold else "", size)
        self._pdf.set_text_color(*colour)

    def _block(self, text: str, height: float) -> None:
        self._pdf.set_x(_MARGIN)
        self._pdf.multi_cell(_WIDTH, height, self._readable(text), align="L", new_x="LMARGIN", new_y="NEXT")

    def _cell_text(self, text: str, width: float, x: float, top: float, align: str) -> float:
        """A heading that may break; returns its height."""
        self._pdf.set_xy(x, top)
        self._pdf.multi_cell(width, 3.6, self._readable(text), align=align)
        return self._pdf.get_y() - top

    def _lines(self, text: str, width: float) -> list[str]:
        broken = self._pdf.multi_cell(width, 4.2, self._readable(text), dry_run=True, output="LINES")
        return [str(line) for line in broken] if isinstance(broken, list) else []

    def _fitting(self, text: str, width: float) -> str:
        readable = self._readable(text)
        if self._pdf.get_string_width(readable) <= width:
            return readable
        while readable and self._pdf.get_string_width(readable + "…") > width:
            readable = readable[:-1]
        return readable + "…"

    def _readable(self, text: str) -> str:
        return "".join(sign if sign == "\n" or ord(sign) in self._known else _UNKNOWN for sign in text)


def _signs(pdf: FPDF) -> frozenset[int]:
    font = pdf.fonts["sheet"]
    return frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset()


def _widths(columns: int) -> list[float]:
    first, last = 30.0, 44.0
    between = (_WIDTH - first - last) / max(1, columns - 2)
    return [first, *[between] * (columns - 2), last]


def _placed(texts: Sequence[str], widths: Sequence[float]) -> list[tuple[str, float, float]]:
    return [(text, widths[place], _MARGIN + sum(widths[:place])) for place, text in enumerate(texts)]


def _along(dates: Sequence[datetime], when: datetime) -> float:
    whole = (dates[-1] - dates[0]).total_seconds()
    return (when - dates[0]).total_seconds() / whole if whole else 0.5


def _rounded_up(most: float) -> float:
    """A number that four steps divide well."""
    unit = 10.0 ** math.floor(math.log10(max(most, 1)))
    return max(4.0, next(unit * step for step in (1, 2, 4, 6, 8, 10, 20) if unit * step >= most))
