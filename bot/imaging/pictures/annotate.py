"""Findings drawn on the very photo that was analysed: small outlines that leave the skin inside them free."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from PIL import Image

from bot.imaging.canvas import Canvas
from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.legend import Area, draw_legend
from bot.imaging.pictures.marks import STYLES, sprite
from bot.skin.analysis import Box, MarkKind

_FULL_SIZE_PX: Final = 1280
_LEAST_RADIUS: Final = 9.0  # all at 1280 px; smaller pictures have smaller marks
_MOST_RADIUS: Final = 90.0
_GAP: Final = 3.0
_LINE: Final = 3.0
_MANY: Final = 60
_CALMER: Final = 0.8
_SURE_FROM: Final = 0.55
_PICTURE: Final = Encoding(quality=90, subsampling=0)


class Mark(NamedTuple):
    """One box in canvas pixels, ready to be drawn. A tuple, like `Area`: hundreds are made for one picture."""

    kind: MarkKind
    centre: tuple[float, float]
    radius: int
    line_px: float


def annotate(
    canvas: Canvas, marks: Mapping[MarkKind, tuple[Box, ...]], *, face: Box | None = None, counted: bool = True
) -> bytes:
    """The drawn picture as a JPEG of the canvas's size. The canvas is drawn on: to copy it is a tenth of the work.

    Boxes are in pixels of the photo that was sent; those without a size or outside the picture are left out or drawn
    at its edge. `face` keeps the legend off it.
    There is no legend where it is not `counted`: its emoji stand in the words.
    """
    image = canvas.image
    drawn = list(_marks(canvas, marks))
    for mark in sorted(drawn, key=lambda mark: -mark.radius):
        sprite(mark.kind, mark.radius, mark.line_px).put(image, mark.centre)
    counts = Counter(mark.kind for mark in drawn)
    taken = [Area.around(mark.centre, mark.radius + 4) for mark in drawn]
    told = {kind: counts[kind] for kind in STYLES if counts[kind] and counted}
    draw_legend(image, told, taken=taken, face=_area(canvas, face))
    return write(image, _PICTURE)


def _marks(canvas: Canvas, marks: Mapping[MarkKind, tuple[Box, ...]]) -> Iterator[Mark]:
    many = sum(len(boxes) for boxes in marks.values()) > _MANY
    unit = max(canvas.image.size) / _FULL_SIZE_PX
    line = max(1.0, _LINE * unit * (_CALMER if many else 1.0))
    for kind, boxes in marks.items():
        for box in boxes:
            if _drawable(box):
                yield Mark(
                    kind=kind,
                    centre=_inside(canvas.image, box, canvas.scale),
                    radius=round(_radius(box, canvas.scale, unit * (_CALMER if many else 1.0))),
                    line_px=line if box.confidence is None or box.confidence >= _SURE_FROM else line * 0.75,
                )


def _drawable(box: Box) -> bool:
    return math.isfinite(box.left + box.top + box.width + box.height) and box.width > 0 and box.height > 0


def _inside(image: Image.Image, box: Box, scale: float) -> tuple[float, float]:
    """The box's middle on the canvas, brought to the edge where the box lies outside."""
    x, y = box.centre
    return min(max(x * scale, 0.0), image.width - 1.0), min(max(y * scale, 0.0), image.height - 1.0)


def _radius(box: Box, scale: float, unit: float) -> float:
    around = math.hypot(box.width, box.height) * scale / 2 + _GAP * unit
    return min(max(around, _LEAST_RADIUS * unit, 4.0), _MOST_RADIUS * unit)


def _area(canvas: Canvas, face: Box | None) -> Area | None:
    if face is None or not _drawable(face):
        return None
    return Area(
        left=face.left * canvas.scale,
        top=face.top * canvas.scale,
        right=(face.left + face.width) * canvas.scale,
        bottom=(face.top + face.height) * canvas.scale,
    )
