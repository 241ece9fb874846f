"""A report's picture: the face, upright and near, with what is told of it marked where it is."""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

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
_COARSER: Final = 16  # the skin around a mark is looked at in a picture so much smaller ...
_THINNED: Final = 4  # ... of a sixteenth of its pixels: they do for a mean
_PICTURE: Final = Encoding(quality=90, subsampling=0)
_LOOKED_AT: Final = (
    SkinZone.FOREHEAD, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.CHIN,
)  # fmt: skip


def draw_card(
    photo: Image.Image,
    shape: FaceShape,
    shown: OnCard,
    *,
    scale: float,
    corner: Point = (0.0, 0.0),
    tint: Tint | None = None,
) -> bytes:
    """A JPEG of 640 to 1040 px across.

    `scale`: pixels of the photo here to one of that which was sent; `corner`: where it begins there.
    """
    card = card_of(photo, shape)
    draw_on(card, shape, shown, scale=scale, corner=corner, tint=tint)
    return write(card.image, _PICTURE)


def draw_on(
    card: Card,
    shape: FaceShape,
    shown: OnCard,
    *,
    scale: float,
    corner: Point = (0.0, 0.0),
    tint: Tint | None = None,
) -> None:
    skin = _Skin(card)
    marks = list(_marks(card, shape, shown, scale, corner))
    if tint is not None:
        draw_tint(card, tint, lightness=skin.usual)
    for look, zones in ((PORES, shown.pores), (LINES, shown.lines)):
        if zones:
            draw_zones(card, [shape.zones[zone] for zone in sorted(zones) if zone in shape.zones], look)
    if not (marks or tint or shown.pores or shown.lines or shown.bare):
        seen = [shape.zones[zone] for zone in _LOOKED_AT if zone not in shown.hidden and zone in shape.zones]
        draw_zones(card, seen, LOOKED_AT)
    width, usual = card.image.width, skin.usual
    if len(marks) > _MANY:
        radius, edge = round(_DOT * width), round(_DOT_EDGE * width)
        for mark in marks:
            light = on_light(STYLES[mark.kind].hue, skin.at(*mark.centre), usual=usual)
            dot(mark.kind, radius, edge, on_light=light).put(card.image, mark.centre)
        return
    band = _BAND * width * _finer(len(marks))
    for mark in sorted(marks, key=lambda mark: -mark.radius):
        around = skin.around(mark.centre, mark.radius + 2 * band)
        light = on_light(STYLES[mark.kind].hue, around, usual=usual)
        sprite(mark.kind, mark.radius, round(band, 1), on_light=light).put(card.image, mark.centre)


class _Mark(NamedTuple):
    """In the card's pixels; `radius` stays free."""

    kind: MarkKind
    centre: Point
    radius: int


class _Skin:
    """How light the skin is, from the card before anything is drawn on it."""

    def __init__(self, card: Card) -> None:
        thinned = (max(1, card.image.width // _THINNED), max(1, card.image.height // _THINNED))
        small = card.image.resize(thinned, Image.Resampling.NEAREST).reduce(_COARSER // _THINNED)
        self._pixels, (self._width, self._height) = small.tobytes(), small.size
        self._across, self._down = self._width / card.image.width, self._height / card.image.height
        places = [card.at(place) for place in ((-0.55, 0.65), (0.55, 0.65), (0.0, 0.4))]
        self.usual = sorted(self.at(*place) for place in places)[1]

    def around(self, centre: Point, far: float) -> float:
        """The luminance of what is around a place: the mean of five."""
        x, y = centre
        return (
            self.at(x, y) + self.at(x - far, y) + self.at(x + far, y) + self.at(x, y - far) + self.at(x, y + far)
        ) / 5

    def at(self, x: float, y: float) -> float:
        """The luminance there: of a sixteenth of the card's pixels across and down."""
        column = min(max(int(x * self._across), 0), self._width - 1)
        row = min(max(int(y * self._down), 0), self._height - 1)
        at = 3 * (row * self._width + column)
        return luminance((self._pixels[at], self._pixels[at + 1], self._pixels[at + 2]))


def _marks(card: Card, shape: FaceShape, shown: OnCard, scale: float, corner: Point) -> Iterator[_Mark]:
    finer = _finer(sum(len(boxes) for boxes in shown.marks.values()))
    width, height = card.image.size
    unit = card.apart / shape.apart * scale
    first = -corner[0] * scale, -corner[1] * scale  # of the photo's pixels, in the picture
    (x, y), (right_x, right_y) = card.at(shape.level(*first)), card.at(shape.level(first[0] + scale, first[1]))
    along, across = right_x - x, right_y - y  # of one pixel of the photo
    least, most, gap = _LEAST_RADIUS * width * finer, _MOST_RADIUS * width, _GAP * width
    for kind, boxes in shown.marks.items():
        for box in boxes:
            if _drawable(box):
                box_x, box_y = box.centre
                to_x, to_y = x + box_x * along - box_y * across, y + box_x * across + box_y * along
                if -1 <= to_x <= width and -1 <= to_y <= height:
                    size = math.hypot(box.width, box.height) / 2 * unit
                    yield _Mark(kind, (to_x, to_y), round(min(max(size + gap, least), most)))


def _finer(count: int) -> float:
    return 1.0 if count <= _SOME else 0.82


def _drawable(box: Box) -> bool:
    return math.isfinite(box.left + box.top + box.width + box.height) and box.width > 0 and box.height > 0
