"""One page of A4 in black, white and grey: text in columns of a given width, and plain shapes, in millimetres."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import MethodReturnValue
from fpdf.fonts import TTFFont

LEFT: Final = 15.0
WIDE: Final = 180.0
RIGHT: Final = LEFT + WIDE
TOP: Final = 14.0
BOTTOM: Final = 285.0
INK: Final = 25  # greys, 0 is black
SOFT: Final = 95
RULE: Final = 200
BAND: Final = 228

_LETTERS: Final = Path(__file__).parents[2] / "imaging" / "pictures" / "fonts"
_EVERY_SCRIPT: Final = Path(__file__).parents[1] / "fonts"
_FILES: Final = {
    ("usual", ""): _LETTERS / "Roboto-Regular.ttf",
    ("usual", "B"): _LETTERS / "Roboto-Medium.ttf",
    ("wide", ""): _EVERY_SCRIPT / "DejaVuSans.ttf",
    ("wide", "B"): _EVERY_SCRIPT / "DejaVuSans-Bold.ttf",
}
_JPEG: Final = b"\xff\xd8\xff"
_UNKNOWN: Final = "\u25a1"
_LEADING: Final = 0.353 * 1.3  # millimetres of a line for each point of its letters


def leading(size: float) -> float:
    return size * _LEADING


class A4Page:
    """Signs that no font of ours has become empty squares. A text with one that Roboto lacks is set in DejaVu."""

    def __init__(self, title: str, made_at: datetime) -> None:
        self._pdf = FPDF(format="A4")
        self._pdf.set_creation_date(made_at)
        self._pdf.set_title(title)
        self._pdf.set_auto_page_break(auto=False)
        self._pdf.set_margin(0)
        self._pdf.c_margin = 0
        self._pdf.add_page()
        self._signs: dict[str, frozenset[int]] = {}
        self._signs["usual"] = self._signs_of("usual")

    def finished(self) -> bytes:
        return bytes(self._pdf.output())

    def close(self) -> None:
        """The files of its fonts, which are read to the end."""
        for font in self._pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def line(
        self, text: str, x: float, y: float, width: float, *, size: float = 8.5, bold: bool = False,
        ink: int = INK, align: str = "L",
    ) -> None:  # fmt: skip
        """One line, cut where it is too long."""
        fitting = self._fitting(self._set(text, size, bold=bold, ink=ink), width)
        self._pdf.set_xy(x, y)
        self._pdf.cell(width, leading(size), fitting, align=align)

    def block(
        self, lines: Sequence[str], x: float, y: float, width: float, *, size: float = 8.5, bold: bool = False,
        ink: int = INK,
    ) -> float:  # fmt: skip
        """Lines as `broken` gives them; returns where the next one would begin."""
        for line in lines:
            self.line(line, x, y, width, size=size, bold=bold, ink=ink)
            y += leading(size)
        return y

    def broken(self, text: str, width: float, *, size: float = 8.5, bold: bool = False, most: int = 99) -> list[str]:
        """The text in lines of that width, `most` of them; a word that is wider is broken."""
        readable = self._set(text, size, bold=bold)
        found = self._pdf.multi_cell(
            width, leading(size), readable, dry_run=True, output=MethodReturnValue.LINES, align="L"
        )
        lines = [str(line) for line in found] if isinstance(found, list) else []
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self._fitting(lines[most - 1] + " …", width)]

    def width_of(self, text: str, *, size: float = 8.5, bold: bool = False) -> float:
        return self._pdf.get_string_width(self._set(text, size, bold=bold))

    def rule(self, x: float, y: float, end: float, *, grey: int = RULE, thick: float = 0.2) -> None:
        self.way([(x, y), (end, y)], grey=grey, thick=thick)

    def way(
        self, points: Sequence[tuple[float, float]], *, grey: int = INK, thick: float = 0.35, dash: float = 0.0
    ) -> None:
        """Straight from point to point."""
        self._pdf.set_draw_color(grey)
        self._pdf.set_line_width(thick)
        self._pdf.set_dash_pattern(dash=dash, gap=dash)
        if len(points) > 1:
            self._pdf.polyline(points)
        self._pdf.set_dash_pattern()

    def dot(self, x: float, y: float, radius: float, *, hollow: bool = False) -> None:
        self._pdf.set_draw_color(SOFT if hollow else INK)
        self._pdf.set_fill_color(255 if hollow else INK)
        self._pdf.set_line_width(0.22)
        self._pdf.circle(x, y, radius, style="DF")

    def shape(self, points: Sequence[tuple[float, float]]) -> None:
        self._pdf.set_fill_color(INK)
        self._pdf.polygon(points, style="F")

    def area(self, x: float, y: float, width: float, height: float, *, grey: int = BAND) -> None:
        self._pdf.set_fill_color(grey)
        self._pdf.rect(x, y, width, height, style="F")

    def picture(self, jpeg: bytes, x: float, y: float, width: float) -> float:
        """Returns how high it is. It comes from a worker, and is parsed here as a JPEG or not at all."""
        if not jpeg.startswith(_JPEG):
            raise ValueError("the page takes JPEGs only")
        shown = self._pdf.image(io.BytesIO(jpeg), x=x, y=y, w=width)
        return width * float(shown.height) / float(shown.width)

    def _set(self, text: str, size: float, *, bold: bool, ink: int = INK) -> str:
        """That text's font is chosen; what of it can be written."""
        family = "usual" if all(ord(sign) in self._signs["usual"] for sign in text if sign != "\n") else "wide"
        if family not in self._signs:
            self._signs[family] = self._signs_of(family)
        self._pdf.set_font(family, "B" if bold else "", size)
        self._pdf.set_text_color(ink)
        known = self._signs[family]
        return "".join(sign if sign == "\n" or ord(sign) in known else _missing(sign) for sign in text)

    def _signs_of(self, family: str) -> frozenset[int]:
        for style in ("", "B"):
            self._pdf.add_font(family, style, _FILES[family, style])
        font = self._pdf.fonts[family]
        return frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset()

    def _fitting(self, text: str, width: float) -> str:
        if self._pdf.get_string_width(text) <= width + 0.01:
            return text
        while text and self._pdf.get_string_width(text.rstrip(" …") + "…") > width:
            text = text[:-1]
        return text.rstrip(" …") + "…"


def _missing(sign: str) -> str:
    """A letter is shown to be missing; a small picture says nothing to a doctor."""
    return _UNKNOWN if sign.isalnum() else ""
