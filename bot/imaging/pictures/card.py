"""A report's picture: the face, upright and near, with what is told of it marked where it is."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from PIL import Image

from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.face import FaceShape, Point, Tint
from bot.imaging.pictures.marks import STYLES, dot, luminance, on_light, sprite
from bot.imaging.pictures.tint import draw_tint
from bot.imaging.pictures.upright import Card, card_of
from bot.imaging.pictures.zones import LINES, LOOKED_AT, PORES, draw_zones
from bot.skin.analysis import Box, MarkKind, SkinZone
from bot.skin.card import OnCard

_BAND: Final = 0.0058  # of a mark's colour, as a share of the card's width
_LEAST_RADIUS: Final = 0.0145
_MOST_RADIUS: Final = 0.075
_GAP: Final = 0.004
_SOME: Final = 25  # from so many on marks are finer
_MANY: Final = 80  # more are dots
_DOT: Final = 0.0055
_DOT_EDGE: Final = 0.0045
_COARSER: Final = 16  # the skin around a mark is looked at in a picture so much smaller
_PICTURE: Final = Encoding(quality=90, subsampling=0)
_LOOKED_AT: Final = (
    SkinZone.FOREHEAD, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.CHIN,
)  # fmt: skip


def draw_card(photo: Image.Image, shape: FaceShape, shown: OnCard, *, scale: float, tint: Tint | None = None) -> bytes:
    """A JPEG of 640 to 960 px across; `scale`: pixels of the photo here to one of that which was sent."""
    card = card_of(photo, shape)
    draw_on(card, shape, shown, scale=scale, tint=tint)
    return write(card.image, _PICTURE)


def draw_on(card: Card, shape: FaceShape, shown: OnCard, *, scale: float, tint: Tint | None = None) -> None:
    skin = _Skin(card)
    marks = list(_marks(card, shape, shown, scale))
    if tint is not None:
        draw_tint(card, tint, lightness=skin.usual)
    for look, zones in ((PORES, shown.pores), (LINES, shown.lines)):
        if zones:
            draw_zones(card, [shape.zones[zone] for zone in sorted(zones) if zone in shape.zones], look)
    if not (marks or tint or shown.pores or shown.lines or shown.bare):
        seen = [shape.zones[zone] for zone in _LOOKED_AT if zone not in shown.hidden and zone in shape.zones]
        draw_zones(card, seen, LOOKED_AT)
    band = _BAND * card.image.width * _finer(len(marks))
    for mark in sorted(marks, key=lambda mark: -mark.radius):
        around = skin.around(mark.centre, mark.radius + 2 * band)
        light = on_light(STYLES[mark.kind].hue, around, usual=skin.usual)
        if len(marks) > _MANY:
            drawn = dot(mark.kind, round(_DOT * card.image.width), round(_DOT_EDGE * card.image.width), on_light=light)
        else:
            drawn = sprite(mark.kind, mark.radius, round(band, 1), on_light=light)
        drawn.put(card.image, mark.centre)


@dataclass(frozen=True)
class _Mark:
    """In the card's pixels; `radius` stays free."""

    kind: MarkKind
    centre: Point
    radius: int


class _Skin:
    """How light the skin is, from the card before anything is drawn on it."""

    def __init__(self, card: Card) -> None:
        self._small = card.image.reduce(_COARSER)
        places = [card.at(place) for place in ((-0.55, 0.65), (0.55, 0.65), (0.0, 0.4))]
        self.usual = sorted(self.around(place, 0.0) for place in places)[1]

    def around(self, centre: Point, far: float) -> float:
        """The luminance of what is around a place: the mean of five."""
        places = ((0, 0), (-far, 0), (far, 0), (0, -far), (0, far)) if far else ((0, 0),)
        found = [self._at(centre[0] + x, centre[1] + y) for x, y in places]
        return sum(found) / len(found)

    def _at(self, x: float, y: float) -> float:
        column = min(max(int(x / _COARSER), 0), self._small.width - 1)
        row = min(max(int(y / _COARSER), 0), self._small.height - 1)
        pixel = self._small.getpixel((column, row))
        return luminance(pixel) if isinstance(pixel, tuple) and len(pixel) == 3 else 0.0


def _marks(card: Card, shape: FaceShape, shown: OnCard, scale: float) -> Iterator[_Mark]:
    finer = _finer(sum(len(boxes) for boxes in shown.marks.values()))
    width = card.image.width
    for kind, boxes in shown.marks.items():
        for box in boxes:
            if _drawable(box):
                x, y = card.at(shape.level(box.centre[0] * scale, box.centre[1] * scale))
                if -1 <= x <= width and -1 <= y <= card.image.height:
                    size = math.hypot(box.width, box.height) / 2 * scale / shape.apart * card.apart
                    radius = max(size + _GAP * width, _LEAST_RADIUS * width * finer)
                    yield _Mark(kind, (x, y), round(min(radius, _MOST_RADIUS * width)))


def _finer(count: int) -> float:
    return 1.0 if count <= _SOME else 0.82


def _drawable(box: Box) -> bool:
    return math.isfinite(box.left + box.top + box.width + box.height) and box.width > 0 and box.height > 0
