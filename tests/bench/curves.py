"""Curves as an SVG that reads on light and on dark ground; nothing is needed to draw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_WIDE: Final = 250
_HIGH: Final = 130
_TOP: Final = 40
_SIDE: Final = 40
_BELOW: Final = 50
_INK: Final = "#7a8290"  # is read on white and on near-black
_LINE: Final = "#3b82c4"


@dataclass(frozen=True, kw_only=True)
class Curve:
    title: str
    values: Sequence[float]


def drawn(curves: Sequence[Curve], *, places: Sequence[str], under: str) -> str:
    """Side by side, each from 0 up to its own greatest; `places` are named `under` each."""
    width, height = len(curves) * (_WIDE + 2 * _SIDE), _TOP + _HIGH + _BELOW
    panels = "".join(_panel(curve, number, places, under) for number, curve in enumerate(curves))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="sans-serif" font-size="12" fill="{_INK}" text-anchor="middle">{panels}</svg>\n'
    )


def _panel(curve: Curve, number: int, places: Sequence[str], under: str) -> str:
    left, bottom = number * (_WIDE + 2 * _SIDE) + _SIDE, _TOP + _HIGH
    most = max(curve.values) or 1.0
    steps = max(1, len(curve.values) - 1)
    points = [
        (left + _WIDE * place / steps, bottom - _HIGH * value / most * 0.85) for place, value in enumerate(curve.values)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [
        f'<text x="{left + _WIDE / 2}" y="18" font-weight="bold">{curve.title}</text>',
        f'<line x1="{left}" y1="{bottom}" x2="{left + _WIDE}" y2="{bottom}" stroke="{_INK}"/>',
        f'<polyline points="{line}" fill="none" stroke="{_LINE}" stroke-width="2"/>',
        f'<text x="{left + _WIDE / 2}" y="{bottom + 38}">{under}</text>',
    ]
    for (x, y), value, place in zip(points, curve.values, places, strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{_LINE}"/>')
        parts.append(f'<text x="{x:.1f}" y="{y - 9:.1f}">{_short(value)}</text>')
        parts.append(f'<text x="{x:.1f}" y="{bottom + 18}">{place}</text>')
    return "".join(parts)


def _short(value: float) -> str:
    return f"{value:.1f}" if value < 100 else f"{value:.0f}"
