"""Zones of a face drawn as soft outlines: where pores or lines were seen, or where was looked at all."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from PIL import Image, ImageDraw, ImageFilter

from bot.imaging.pictures.face import Outline, Point
from bot.imaging.pictures.marks import AQUA, WHITE, Colour, Hue
from bot.imaging.pictures.upright import Card

_FINER: Final = 2
_ROUNDER: Final = 3  # rounds of cutting corners
_GLOW_COARSER: Final = 4
_GLOW_BLUR: Final = 2  # px of the coarser mask
_GLOW_REACH: Final = 4 * _GLOW_COARSER


@dataclass(frozen=True, kw_only=True)
class Look:
    """`band`, `edges`: widths as shares of the card's; `dots`: 0 is a whole line, else how far they are
    apart. `glow`: how much lighter the zone is inside.
    """

    hue: Hue
    band: float
    edges: float
    strength: float = 1.0
    dots: float = 0.0
    glow: float = 0.0
    shrunk: float = 0.9


LOOKED_AT: Final = Look(hue=WHITE, band=0.0042, edges=0.0085, strength=0.8, glow=0.16, shrunk=0.82)
PORES: Final = Look(hue=AQUA, band=0.0085, edges=0.016, dots=0.027)
LINES: Final = Look(hue=WHITE, band=0.0058, edges=0.0135)


def draw_zones(card: Card, outlines: Sequence[Outline], look: Look) -> None:
    """Each around its zone, a little inside it so that neighbours stay apart."""
    apart, left, top = card.apart, card.window.left, card.window.top
    drawn = [
        [((x - left) * apart, (y - top) * apart) for x, y in rounded(_shrunk(outline, look.shrunk))]
        for outline in outlines
    ]
    if look.glow:
        for points in drawn:
            _Tile(points, _GLOW_REACH, 1 / _GLOW_COARSER).glow(look.glow).ink(card.image, look.hue.band)
    edge_strength = look.strength * (0.3 if look.glow else 0.85)
    dots = look.dots * card.image.width
    for share, colour, strength in (
        (look.edges, look.hue.deep, edge_strength),
        (look.band, look.hue.band, look.strength),
    ):
        width = share * card.image.width
        for points in drawn:
            tile = _Tile(points, width / 2, _FINER)
            (tile.dot(width, dots) if dots else tile.line(width)).fainter(strength).ink(card.image, colour)


class _Tile:
    """A mask of one zone's surroundings, `finer` times as fine as the card: most of a card has none to draw."""

    def __init__(self, points: Sequence[Point], reach: float, finer: float) -> None:
        xs, ys = zip(*points, strict=True)
        self._corner = math.floor(min(xs) - reach) - 1, math.floor(min(ys) - reach) - 1
        self._size = math.ceil(max(xs) + reach) + 2 - self._corner[0], math.ceil(max(ys) + reach) + 2 - self._corner[1]
        self._finer = finer
        self._points = [((x - self._corner[0]) * finer, (y - self._corner[1]) * finer) for x, y in points]
        self._mask = Image.new("L", (math.ceil(self._size[0] * finer), math.ceil(self._size[1] * finer)))

    def line(self, width: float) -> Self:
        thick = max(1.0, width * self._finer) / 2
        draw = ImageDraw.Draw(self._mask)
        draw.polygon(_moved(self._points, thick), fill=255)
        draw.polygon(_moved(self._points, -thick), fill=0)
        return self

    def dot(self, width: float, apart: float) -> Self:
        thick = max(1.0, width * self._finer) / 2
        draw = ImageDraw.Draw(self._mask)
        for x, y in _spaced(self._points, apart * self._finer):
            draw.ellipse((x - thick, y - thick, x + thick, y + thick), fill=255)
        return self

    def fainter(self, strength: float) -> Self:
        self._mask = self._mask.reduce(round(self._finer)).point(_fainter(round(strength * 100)))
        return self

    def glow(self, strength: float) -> Self:
        ImageDraw.Draw(self._mask).polygon(self._points, fill=round(255 * strength))
        soft = self._mask.filter(ImageFilter.BoxBlur(_GLOW_BLUR))
        size = tuple(round(side / self._finer) for side in soft.size)
        self._mask = soft.resize((size[0], size[1]), Image.Resampling.BILINEAR)
        return self

    def ink(self, image: Image.Image, colour: Colour) -> None:
        left, top = self._corner
        image.paste(colour, (left, top, left + self._mask.width, top + self._mask.height), self._mask)


def _moved(points: Sequence[Point], far: float) -> list[Point]:
    """A closed line that runs clockwise, so far outside of that one."""
    moved: list[Point] = []
    for (before_x, before_y), (x, y), (after_x, after_y) in zip(
        [points[-1], *points[:-1]], points, [*points[1:], points[0]], strict=True
    ):
        along, down = after_x - before_x, after_y - before_y
        length = math.hypot(along, down) or 1.0
        moved.append((x + down / length * far, y - along / length * far))
    return moved


@lru_cache(maxsize=16)
def _fainter(percent: int) -> list[int]:
    return [value * percent // 100 for value in range(256)]


def _spaced(points: list[Point], apart: float) -> list[Point]:
    """Places along a closed line, evenly."""
    sides = list(zip(points, points[1:] + points[:1], strict=True))
    lengths = [((x - to_x) ** 2 + (y - to_y) ** 2) ** 0.5 for (x, y), (to_x, to_y) in sides]
    count = max(3, round(sum(lengths) / apart))
    found: list[Point] = []
    step, walked, due = sum(lengths) / count, 0.0, 0.0
    for ((x, y), (to_x, to_y)), length in zip(sides, lengths, strict=True):
        while length and due < walked + length and len(found) < count:
            share = (due - walked) / length
            found.append((x + (to_x - x) * share, y + (to_y - y) * share))
            due += step
        walked += length
    return found


def _shrunk(outline: Outline, share: float) -> list[Point]:
    outline = _without_dents(outline)
    middle_x, middle_y = (sum(side) / len(outline) for side in zip(*outline, strict=True))
    return [(middle_x + (x - middle_x) * share, middle_y + (y - middle_y) * share) for x, y in outline]


def _without_dents(outline: Outline) -> Outline:
    """Its convex hull, clockwise (Andrew's monotone chain)."""
    ordered = sorted(outline)
    halves: list[list[Point]] = []
    for points in (ordered, ordered[::-1]):
        kept: list[Point] = []
        for x, y in points:
            while len(kept) > 1 and _turns_in(kept[-2], kept[-1], (x, y)):
                kept.pop()
            kept.append((x, y))
        halves.append(kept[:-1])
    return (*halves[0], *halves[1])


def _turns_in(a: Point, b: Point, c: Point) -> bool:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) <= 0


def rounded(points: list[Point]) -> list[Point]:
    """Without its corners (Chaikin)."""
    for _ in range(_ROUNDER):
        cut: list[Point] = []
        for (x, y), (to_x, to_y) in zip(points, points[1:] + points[:1], strict=True):
            cut += [(0.75 * x + 0.25 * to_x, 0.75 * y + 0.25 * to_y), (0.25 * x + 0.75 * to_x, 0.25 * y + 0.75 * to_y)]
        points = cut
    return points
