"""Zones of a face drawn as soft outlines: where pores or lines were seen, or where was looked at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from bot.imaging.pictures.face import Outline, Point
from bot.imaging.pictures.marks import AQUA, WHITE, Hue
from bot.imaging.pictures.upright import Card

_FINER: Final = 2
_ROUNDER: Final = 3  # rounds of cutting corners


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
    size = (card.image.width * _FINER, card.image.height * _FINER)
    edges, band = Image.new("L", size), Image.new("L", size)
    for outline in outlines:
        points = [card.at(place) for place in rounded(_shrunk(outline, look.shrunk))]
        for mask, width in ((edges, look.edges), (band, look.band)):
            _drawn(mask, points, width * card.image.width, look.dots * card.image.width)
    if look.glow:
        _lighten(card, outlines, look)
    edge_strength = look.strength * (0.3 if look.glow else 0.85)
    for mask, colour, strength in ((edges, look.hue.deep, edge_strength), (band, look.hue.band, look.strength)):
        fine = mask.reduce(_FINER).point(_fainter(round(strength * 100)))
        card.image.paste(colour, (0, 0, *card.image.size), fine)


def _lighten(card: Card, outlines: Sequence[Outline], look: Look) -> None:
    coarser = 4
    mask = Image.new("L", (card.image.width // coarser, card.image.height // coarser))
    for outline in outlines:
        points = [card.at(place) for place in rounded(_shrunk(outline, look.shrunk))]
        ImageDraw.Draw(mask).polygon([(x / coarser, y / coarser) for x, y in points], fill=round(255 * look.glow))
    soft = mask.filter(ImageFilter.BoxBlur(2)).resize(card.image.size, Image.Resampling.BILINEAR)
    card.image.paste(look.hue.band, (0, 0, *card.image.size), soft)


@lru_cache(maxsize=16)
def _fainter(percent: int) -> list[int]:
    return [value * percent // 100 for value in range(256)]


def _drawn(mask: Image.Image, points: list[Point], width: float, apart: float) -> None:
    draw, thick = ImageDraw.Draw(mask), max(1, round(width * _FINER))
    fine = [(x * _FINER, y * _FINER) for x, y in points]
    if not apart:
        draw.line([*fine, fine[0], fine[1]], fill=255, width=thick, joint="curve")
        return
    for x, y in _spaced(fine, apart * _FINER):
        draw.ellipse((x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=255)


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
