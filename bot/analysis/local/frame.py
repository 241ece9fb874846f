"""The face laid straight: turned and scaled so that the eyes stand 150 px apart, always at the same place."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.eyes import Eyes
from bot.analysis.local.planes import Plane

APART_PX: Final = 150.0  # about 0.42 mm of skin a pixel
WIDTH_PX: Final = 450
HEIGHT_PX: Final = 540
MIDDLE: Final = (WIDTH_PX / 2, 1.45 * APART_PX)  # between the eyes

FACE_SIDE: Final = 2.23  # of the square from brow to chin that the vendor calls a face, in eye distances
FACE_ABOVE: Final = 0.36  # how far that square begins above the eyes

Affine = tuple[float, float, float, float, float, float]
Part = tuple[int, int, int, int]  # left, top, right, bottom
WHOLE: Final[Part] = (0, 0, WIDTH_PX, HEIGHT_PX)


@dataclass(frozen=True, kw_only=True)
class Frame:
    """The way between a photo's pixels and the straight face's."""

    eyes: Eyes

    @property
    def scale(self) -> float:
        """Pixels of the photo a pixel of the straight face."""
        return self.eyes.apart / APART_PX

    def straight(
        self, image: Image.Image, part: Part = WHOLE, resampling: Image.Resampling = Image.Resampling.BICUBIC
    ) -> NDArray[np.uint8]:
        """540×450×3 pixels, or a part of them. Larger photos are reduced first, so that nothing is skipped over.

        Fine, as detail is measured on; NEAREST, a twentieth of the work, does for how light it is.
        """
        factor = max(1, int(self.scale))
        area = self._area(image.size, part)
        crop = image.crop(area)
        small = crop.reduce(factor) if factor > 1 else crop
        to_photo = _shifted_source(self._to_photo(), part[0], part[1])
        shifted = _shifted(to_photo, -area[0], -area[1])
        within = tuple(value / factor for value in shifted)
        size = (part[2] - part[0], part[3] - part[1])
        return np.asarray(small.transform(size, Image.Transform.AFFINE, within, resampling))

    def back(self, plane: Plane, size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
        """A plane of 0..255 laid back into a photo of that size: the part that holds the face, and its corner."""
        area = self._area(size)
        image = Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8))
        inverse = _shifted_source(_inverse(self._to_photo()), area[0], area[1])
        laid = image.transform(
            (area[2] - area[0], area[3] - area[1]), Image.Transform.AFFINE, inverse, Image.Resampling.BILINEAR
        )
        return laid, (area[0], area[1])

    def to_photo(self, x: float, y: float) -> tuple[float, float]:
        a, b, c, d, e, f = self._to_photo()
        return a * x + b * y + c, d * x + e * y + f

    def _to_photo(self) -> Affine:
        (left_x, left_y), (right_x, right_y) = self.eyes.left, self.eyes.right
        along_x, along_y = (right_x - left_x) / APART_PX, (right_y - left_y) / APART_PX
        middle_x, middle_y = self.eyes.middle
        start_x = middle_x - along_x * MIDDLE[0] + along_y * MIDDLE[1]
        start_y = middle_y - along_y * MIDDLE[0] - along_x * MIDDLE[1]
        return along_x, -along_y, start_x, along_y, along_x, start_y

    def _area(self, size: tuple[int, int], part: Part = WHOLE) -> Part:
        """What that part of the straight face covers of the photo."""
        left, top, right, bottom = part
        corners = [self.to_photo(x, y) for x in (left, right) for y in (top, bottom)]
        xs, ys = [corner[0] for corner in corners], [corner[1] for corner in corners]
        left, top = max(0, math.floor(min(xs))), max(0, math.floor(min(ys)))
        return (
            left,
            top,
            max(left + 1, min(size[0], math.ceil(max(xs)))),
            max(top + 1, min(size[1], math.ceil(max(ys)))),
        )


def _shifted(affine: Affine, by_x: float, by_y: float) -> Affine:
    a, b, c, d, e, f = affine
    return a, b, c + by_x, d, e, f + by_y


def _shifted_source(affine: Affine, from_x: float, from_y: float) -> Affine:
    """The same way, for a picture that begins at that corner."""
    a, b, c, d, e, f = affine
    return a, b, a * from_x + b * from_y + c, d, e, d * from_x + e * from_y + f


def _inverse(affine: Affine) -> Affine:
    a, b, c, d, e, f = affine
    determinant = a * e - b * d
    ia, ib, id_, ie = e / determinant, -b / determinant, -d / determinant, a / determinant
    return ia, ib, -(ia * c + ib * f), id_, ie, -(id_ * c + ie * f)
