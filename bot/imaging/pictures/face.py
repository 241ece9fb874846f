"""Where the parts of a face lie, as the drawings need it: level, and in eye distances, whatever the photo's size."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from PIL import Image

from bot.skin.analysis import Box, SkinZone

Point = tuple[float, float]
Outline = tuple[Point, ...]

_SQUARE_SIDE: Final = 2.23  # of the square from brow to chin that an analyzer calls a face, in eye distances
_ABOVE_EYES: Final = 0.36  # how far that square begins above the eyes


@dataclass(frozen=True, kw_only=True)
class Window:
    """A part of the level face, in eye distances right of and below the middle between the eyes."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


TINTED: Final = Window(left=-1.5, top=-1.45, right=1.5, bottom=2.15)
"""What a `Tint` covers: the straight face that redness is measured on."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Tint:
    """Which skin counts as red: `strength` (L, of the window `TINTED`) is 0 where it does not, else 1 to 255."""

    strength: Image.Image = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FaceShape:
    """`eyes`: the middles of both in pixels of the picture, the one on its left first when the face is upright.

    `oval` and `zones` are outlines in eye distances from the middle between them, on the level face.
    """

    eyes: tuple[Point, Point]
    oval: Outline
    zones: Mapping[SkinZone, Outline]

    @property
    def middle(self) -> Point:
        (left_x, left_y), (right_x, right_y) = self.eyes
        return (left_x + right_x) / 2, (left_y + right_y) / 2

    @property
    def apart(self) -> float:
        return math.dist(*self.eyes)

    @property
    def roll(self) -> float:
        """How far the eyes' line is turned clockwise, radians."""
        (left_x, left_y), (right_x, right_y) = self.eyes
        return math.atan2(right_y - left_y, right_x - left_x)

    @property
    def bounds(self) -> Window:
        xs, ys = zip(*self.oval, strict=True)
        return Window(left=min(xs), top=min(ys), right=max(xs), bottom=max(ys))

    def back(self, right: float, down: float) -> Point:
        """A place of the level face in the picture."""
        along, across = math.cos(self.roll) * self.apart, math.sin(self.roll) * self.apart
        x, y = self.middle
        return x + right * along - down * across, y + right * across + down * along

    def level(self, x: float, y: float) -> Point:
        """A place of the picture on the level face."""
        right, down = (x - self.middle[0]) / self.apart, (y - self.middle[1]) / self.apart
        along, across = math.cos(self.roll), math.sin(self.roll)
        return right * along + down * across, down * along - right * across


def shape_of_all(width: int, height: int) -> FaceShape:
    """As if the whole picture were a face: what is drawn where there is none shows all of it."""
    apart = min(width, height) / 3
    x, y = width / 2 / apart, height / 2 / apart
    eyes = ((width / 2 - apart / 2, height / 2), (width / 2 + apart / 2, height / 2))
    return FaceShape(eyes=eyes, oval=((-x, -y), (x, -y), (x, y), (-x, y)), zones={})


def shape_in(box: Box, scale: float) -> FaceShape | None:
    """A rough one, of a face that nothing but its square is known of; `scale`: pixels of the picture to one of that."""
    side = min(box.width, box.height) * scale
    if not math.isfinite(side + box.left + box.top) or side < 1:
        return None
    apart = side / _SQUARE_SIDE
    x, y = box.centre[0] * scale, (box.top * scale) + _ABOVE_EYES * apart
    return FaceShape(eyes=((x - apart / 2, y), (x + apart / 2, y)), oval=_ROUGH_OVAL, zones=_ROUGH_ZONES)


def _ellipse(x: float, y: float, across: float, down: float) -> Outline:
    steps = 20
    angles = [2 * math.pi * step / steps for step in range(steps)]
    return tuple((x + across * math.cos(angle), y + down * math.sin(angle)) for angle in angles)


_ROUGH_OVAL: Final = _ellipse(0, 0.2, 1.12, 1.62)
_ROUGH_ZONES: Final[Mapping[SkinZone, Outline]] = MappingProxyType(
    {
        SkinZone.FOREHEAD: _ellipse(0, -0.85, 0.8, 0.38),
        SkinZone.GLABELLA: _ellipse(0, -0.32, 0.2, 0.2),
        SkinZone.NOSE: _ellipse(0, 0.45, 0.26, 0.45),
        SkinZone.LEFT_CHEEK: _ellipse(-0.62, 0.66, 0.3, 0.36),
        SkinZone.RIGHT_CHEEK: _ellipse(0.62, 0.66, 0.3, 0.36),
        SkinZone.LEFT_UNDER_EYE: _ellipse(-0.52, 0.26, 0.28, 0.11),
        SkinZone.RIGHT_UNDER_EYE: _ellipse(0.52, 0.26, 0.28, 0.11),
        SkinZone.LEFT_EYE_CORNER: _ellipse(-0.95, 0.08, 0.1, 0.2),
        SkinZone.RIGHT_EYE_CORNER: _ellipse(0.95, 0.08, 0.1, 0.2),
        SkinZone.LEFT_JAW: _ellipse(-0.66, 1.22, 0.2, 0.22),
        SkinZone.RIGHT_JAW: _ellipse(0.66, 1.22, 0.2, 0.22),
        SkinZone.CHIN: _ellipse(0, 1.52, 0.34, 0.2),
    }
)
