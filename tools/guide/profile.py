"""Somebody seen from the side, who looks to the right and holds a phone at eye level. Measured as a portrait is."""

from typing import Final

from tools.guide.brush import Brush, Colour, Point, blob, bow, curve, oval
from tools.guide.portrait import Tones

_PHONE: Final[Point] = (1.52, 0.02)
_SCREEN: Final[Colour] = (214, 238, 246)

_FOREHEAD: Final = [(0.30, -0.92), (0.58, -0.62), (0.66, -0.24), (0.645, -0.04)]
_NOSE: Final = [(0.75, 0.18), (0.845, 0.34), (0.72, 0.43)]
_LIPS: Final = [(0.70, 0.50), (0.735, 0.58), (0.69, 0.645), (0.72, 0.72)]
_CHIN: Final = [(0.665, 0.80), (0.67, 0.93), (0.52, 1.04)]
_UNDER_THE_HAIR: Final = [(0.20, 0.96), (-0.10, 0.80), (-0.5, 0.3), (-0.5, -0.5)]
_HEAD: Final = [*_FOREHEAD, *_NOSE, *_LIPS, *_CHIN, *_UNDER_THE_HAIR]

_CROWN: Final = [(0.50, -0.78), (0.30, -1.0), (-0.14, -1.08), (-0.60, -0.88), (-0.84, -0.44), (-0.82, 0.06)]
_NAPE: Final = [(-0.62, 0.46), (-0.42, 0.56), (-0.30, 0.34), (-0.24, 0.06)]
_TEMPLE: Final = [(-0.02, -0.06), (0.10, -0.3), (0.26, -0.56)]
_HAIR: Final = [*_CROWN, *_NAPE, *_TEMPLE]

_NECK: Final = [(0.28, 0.8), (0.26, 1.2), (0.40, 1.5), (-0.1, 1.8), (-0.62, 1.46), (-0.5, 1.1), (-0.5, 0.4)]
_UNDER_CHIN: Final = [(0.50, 1.03), (0.30, 1.13), (0.20, 1.27), (-0.08, 0.84), (0.2, 0.92)]
_CHEST: Final = [(0.36, 1.42), (0.56, 1.8), (0.62, 2.6), (0.56, 4.6)]
_BACK: Final = [(-1.1, 4.6), (-1.12, 2.6), (-1.0, 1.8), (-0.60, 1.42), (-0.1, 1.58)]

_INNER_ARM: Final = [(-0.55, 1.9), (-0.2, 1.75), (0.2, 2.2), (0.52, 2.38), (0.86, 1.85), (1.24, 0.98)]
_OUTER_ARM: Final = [(1.5, 1.1), (1.24, 1.95), (0.84, 2.74), (0.5, 2.92), (0.1, 2.8), (-0.4, 2.4)]
_SHOULDER: Final = [(-0.66, 2.15), (-0.58, 1.75), (-0.30, 1.60), (0.0, 1.76), (0.24, 2.04)]
_CUFF: Final = [(0.36, 2.24), (0.2, 2.5), (0.0, 2.74), (-0.36, 2.52)]
_FOLD: Final = [(-0.60, 2.0), (-0.50, 2.36), (-0.28, 2.60), (0.0, 2.73), (0.2, 2.5), (0.36, 2.24), (0.28, 2.06)]
_HAND: Final = [
    (1.22, 0.98),
    (1.30, 0.66),
    (1.50, 0.54),
    (1.68, 0.60),
    (1.71, 0.80),
    (1.66, 1.0),
    (1.5, 1.14),
    (1.34, 1.14),
]


def draw_selfie_taker(brush: Brush, tones: Tones) -> None:
    """Down to the waist, one arm bent."""
    brush.fill(blob(_NECK), tones.skin)
    brush.fill(blob(_UNDER_CHIN), tones.shade)
    brush.fill(blob([*_CHEST, *_BACK]), tones.shirt)
    _head(brush, tones)
    _arm(brush, tones)


def _head(brush: Brush, tones: Tones) -> None:
    brush.disc((-0.88, -0.52), 0.25, tones.hair)
    brush.fill(blob(_HEAD), tones.skin)
    brush.fill(blob(_HAIR), tones.hair)
    brush.fill(oval((-0.06, 0.16), 0.13, 0.2), tones.skin)
    brush.fill(oval((-0.07, 0.16), 0.06, 0.12), tones.shade)
    brush.fill(oval((0.38, 0.42), 0.15, 0.11), (*tones.flush, 64))
    brush.fill(oval((0.48, 0.02), 0.05, 0.088), tones.ink)
    brush.line(bow((0.36, -0.19), (0.57, -0.19), 0.036), 0.042, tones.hair)
    brush.line(bow((0.53, 0.645), (0.68, 0.645), -0.01), 0.04, tones.lips)


def _arm(brush: Brush, tones: Tones) -> None:
    brush.fill(blob([*_INNER_ARM, *_OUTER_ARM]), tones.skin)
    brush.fill(blob([*_SHOULDER, *_CUFF]), tones.shirt)
    brush.line(curve(_FOLD), 0.05, tones.sleeve)
    _phone(brush, tones)


def _phone(brush: Brush, tones: Tones) -> None:
    """A little from behind its screen, which faces the person."""
    x, y = _PHONE
    brush.plate((x - 0.17, y - 0.5), (x + 0.15, y + 0.98), 0.1, tones.ink)
    brush.plate((x - 0.13, y - 0.42), (x + 0.05, y + 0.9), 0.06, _SCREEN)
    brush.fill(blob(_HAND), tones.skin)
    for knuckle in (0.66, 0.78, 0.90):
        brush.line([(x + 0.02, knuckle), (x + 0.15, knuckle + 0.02)], 0.025, tones.shade)
