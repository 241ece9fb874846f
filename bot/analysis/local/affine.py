"""Ways between the pixels of two pictures that are turned, scaled and moved against each other."""

import math
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.planes import Plane

Part = tuple[int, int, int, int]  # left, top, right, bottom


class Affine(NamedTuple):
    """From (x, y) to (ax + by + c, dx + ey + f); the order is Pillow's."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def turned(cls, *, scale: float, roll: float, origin: tuple[float, float], to: tuple[float, float]) -> Self:
        """Every pixel `scale` as large, turned clockwise by `roll` (radians); `origin` comes to lie at `to`."""
        along, down = scale * math.cos(roll), scale * math.sin(roll)
        x, y = origin
        return cls(along, -down, to[0] - along * x + down * y, down, along, to[1] - down * x - along * y)

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f

    def of(self, points: Plane) -> Plane:
        """The same for rows of (x, y)."""
        return np.asarray(points @ np.array([[self.a, self.d], [self.b, self.e]]) + (self.c, self.f), dtype=np.float32)

    @property
    def scale(self) -> float:
        return math.hypot(self.a, self.d)

    def moved(self, x: float, y: float) -> Self:
        """Every result that much further."""
        return self._replace(c=self.c + x, f=self.f + y)

    def beginning_at(self, x: float, y: float) -> Self:
        """The same way, counted from there."""
        c, f = self(x, y)
        return self._replace(c=c, f=f)

    def inverse(self) -> Self:
        determinant = self.a * self.e - self.b * self.d
        a, b, d, e = self.e / determinant, -self.b / determinant, -self.d / determinant, self.a / determinant
        return type(self)(a, b, -(a * self.c + b * self.f), d, e, -(d * self.c + e * self.f))

    def covered(self, part: Part, size: tuple[int, int]) -> Part:
        """What that part covers of a picture of that size; a pixel of it at least."""
        left, top, right, bottom = part
        xs, ys = zip(*(self(x, y) for x in (left, right) for y in (top, bottom)), strict=True)
        first_x = min(max(0, math.floor(min(xs))), size[0] - 1)
        first_y = min(max(0, math.floor(min(ys))), size[1] - 1)
        return (
            first_x,
            first_y,
            max(first_x + 1, min(size[0], math.ceil(max(xs)))),
            max(first_y + 1, min(size[1], math.ceil(max(ys)))),
        )


def cut_out(image: Image.Image, part: Part, way: Affine, resampling: Image.Resampling) -> NDArray[np.uint8]:
    """`part` of what `way` leads into the picture from; black beyond the picture's edge.

    Larger pictures are reduced first, so that nothing is skipped over.
    """
    factor = max(1, int(way.scale))
    within = way.beginning_at(part[0], part[1])
    if factor > 1:
        covered = way.covered(part, image.size)
        image, within = image.reduce(factor, covered), within.moved(-covered[0], -covered[1])
    size = (part[2] - part[0], part[3] - part[1])
    return np.asarray(
        image.transform(size, Image.Transform.AFFINE, tuple(value / factor for value in within), resampling)
    )
