"""The face laid straight: turned and scaled so that the eyes stand 150 px apart, always at the same place."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.affine import Affine, Part, cut_out
from bot.analysis.local.eyes import Eyes
from bot.analysis.local.planes import Plane

APART_PX: Final = 150.0  # about 0.42 mm of skin a pixel
WIDTH_PX: Final = 450
HEIGHT_PX: Final = 540
MIDDLE: Final = (WIDTH_PX / 2, 1.45 * APART_PX)  # between the eyes

FACE_SIDE: Final = 2.23  # of the square from brow to chin that the vendor calls a face, in eye distances
FACE_ABOVE: Final = 0.36  # how far that square begins above the eyes
WHOLE: Final[Part] = (0, 0, WIDTH_PX, HEIGHT_PX)
HALVED: Final = 2
COARSELY: Final = 5  # pixels of the straight face to one of the coarse
COARSE: Final[Part] = (0, 0, WIDTH_PX // COARSELY, HEIGHT_PX // COARSELY)


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
        """540×450×3 pixels, or a part of them.

        Fine, as detail is measured on; NEAREST, a twentieth of the work, does for how light it is.
        """
        return cut_out(image, part, self.to_photo, resampling)

    def half(self, image: Image.Image, part: Part) -> Plane:
        """How light that part of the straight face is, 0..255, half as large: one can see whether it is sharp."""
        way = self._to_photo_from(HALVED)
        left, top, right, bottom = way.covered(part, image.size)
        grey = image.crop((left, top, right, bottom)).convert("L")
        return cut_out(grey, part, way.moved(-left, -top), Image.Resampling.BICUBIC).astype(np.float32)

    def coarse(self, image: Image.Image) -> NDArray[np.uint8]:
        """The straight face in 108×90×3 pixels: what lies where is seen in it, and no skin is read."""
        return cut_out(image, COARSE, self._to_photo_from(COARSELY), Image.Resampling.BILINEAR)

    def _to_photo_from(self, times: int) -> Affine:
        """From a straight face that is so many times smaller."""
        middle = (MIDDLE[0] / times, MIDDLE[1] / times)
        return Affine.turned(scale=self.scale * times, roll=self.eyes.roll, origin=middle, to=self.eyes.middle)

    def back(self, plane: Plane, size: tuple[int, int]) -> tuple[Image.Image, tuple[int, int]]:
        """A plane of 0..255 laid back into a photo of that size: the part that holds the face, and its corner."""
        left, top, right, bottom = self.to_photo.covered(WHOLE, size)
        image = Image.fromarray(np.clip(plane, 0, 255).astype(np.uint8))
        laid = image.transform(
            (right - left, bottom - top),
            Image.Transform.AFFINE,
            self.to_photo.inverse().beginning_at(left, top),
            Image.Resampling.BILINEAR,
        )
        return laid, (left, top)

    @cached_property
    def to_photo(self) -> Affine:
        return Affine.turned(scale=self.scale, roll=self.eyes.roll, origin=MIDDLE, to=self.eyes.middle)
