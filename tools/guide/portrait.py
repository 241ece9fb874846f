"""Somebody seen from the front, calm and plain. One unit is half a head: eyes at 0, chin at 1."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tools.guide.brush import Brush, Colour, Points, blob, bow, curve, mirrored, oval

_SKULL: Final = mirrored(
    [(0, -1.08), (0.40, -1.02), (0.70, -0.74), (0.82, -0.30), (0.79, 0.06), (0.60, 0.30), (0, 0.4)]
)
_FACE: Final = mirrored(
    [
        (0, -0.67),
        (0.30, -0.65),
        (0.54, -0.48),
        (0.655, -0.14),
        (0.70, 0.14),
        (0.665, 0.46),
        (0.53, 0.77),
        (0.29, 0.97),
        (0, 1.04),
    ]
)
_NECK: Final = mirrored([(0, 0.6), (0.35, 0.6), (0.35, 1.0), (0.38, 1.22), (0.52, 1.40), (0.9, 1.56), (0, 1.8)])
_UNDER_CHIN: Final = mirrored([(0, 0.8), (0.30, 0.8), (0.345, 0.98), (0.28, 1.10), (0.15, 1.18), (0, 1.20)])
_SHIRT: Final = mirrored(
    [(0, 1.62), (0.32, 1.55), (0.50, 1.36), (0.95, 1.46), (1.36, 1.66), (1.56, 2.2), (1.62, 3.2), (0, 3.2)]
)


@dataclass(frozen=True, kw_only=True)
class Tones:
    """The colours of somebody in some light."""

    skin: Colour = (226, 176, 142)
    shade: Colour = (206, 150, 117)
    flush: Colour = (228, 150, 124)
    hair: Colour = (74, 52, 46)
    strand: Colour = (102, 74, 64)
    ink: Colour = (52, 38, 36)
    lips: Colour = (168, 92, 82)
    shirt: Colour = (56, 132, 120)
    sleeve: Colour = (42, 112, 102)


Feature = Callable[[Brush, Tones], None]


def draw_person(brush: Brush, tones: Tones, *, features: Feature | None = None, aside: float = 0.0) -> None:
    """Head and shoulders with the hair tied back. `aside`: how far the head is turned, as a share of half a head."""
    _body(brush, tones)
    brush.disc((-aside, -1.13), 0.24, tones.hair)
    brush.fill(blob(_SKULL), tones.hair)
    _ears(brush, tones, aside)
    brush.fill(blob(_FACE), tones.skin)
    _strands(brush, tones)
    (features or calm)(brush.moved((aside, 0)), tones)


def calm(brush: Brush, tones: Tones) -> None:
    cheeks(brush, tones)
    eyes(brush, tones)
    brows(brush, tones)
    nose(brush, tones)
    mouth(brush, tones)


def mouth(brush: Brush, tones: Tones) -> None:
    brush.line(bow((-0.20, 0.64), (0.20, 0.64), -0.026), 0.042, tones.lips)


def cheeks(brush: Brush, tones: Tones) -> None:
    for side in (-1, 1):
        brush.fill(oval((side * 0.42, 0.38), 0.15, 0.11), (*tones.flush, 64))


def eyes(brush: Brush, tones: Tones, *, sparkling: bool = True) -> None:
    for side in (-1, 1):
        brush.fill(oval((side * 0.30, 0.02), 0.066, 0.088), tones.ink)
        if sparkling:
            brush.disc((side * 0.30 - 0.022, -0.015), 0.022, (255, 255, 255))


def brows(brush: Brush, tones: Tones, *, raised: float = 0.0) -> None:
    for side in (-1, 1):
        brow = bow((side * 0.18, -0.20 - raised), (side * 0.44, -0.185 - raised), 0.036)
        brush.line(brow, 0.044, tones.hair)


def nose(brush: Brush, tones: Tones) -> None:
    brush.line(bow((-0.09, 0.37), (0.09, 0.37), -0.045), 0.042, tones.shade)


def _body(brush: Brush, tones: Tones) -> None:
    brush.fill(blob(_NECK), tones.skin)
    brush.fill(blob(_UNDER_CHIN), tones.shade)
    brush.fill(blob(_SHIRT), tones.shirt)


def _ears(brush: Brush, tones: Tones, aside: float) -> None:
    for side in (-1, 1):
        if side * aside > 0.1:  # the far one is behind the head
            continue
        brush.fill(oval((side * 0.74, 0.16), 0.12, 0.2), tones.skin)
        brush.fill(oval((side * 0.76, 0.16), 0.055, 0.12), tones.shade)


def _strands(brush: Brush, tones: Tones) -> None:
    """Combed back to the knot."""
    combed: list[Points] = [
        [(0.13, -0.72), (0.12, -0.86), (0.07, -0.98)],
        [(0.38, -0.67), (0.33, -0.84), (0.18, -0.99)],
        [(0.60, -0.50), (0.55, -0.74), (0.32, -0.98)],
    ]
    for strand in combed:
        for side in (-1, 1):
            brush.line(curve([(side * x, y) for x, y in strand]), 0.018, tones.strand)
