"""The places of a face's parts: MediaPipe's Face Mesh, 468 of them, and whether it is a face at all.

After Kartynnik and others, "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs" (2019). Its numbers
are those of the published mesh; "left" and "right" are the picture's, as everywhere here.
"""

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis.local.affine import Affine, cut_out
from bot.analysis.local.detector import Guess
from bot.analysis.local.eyes import Eyes
from bot.analysis.local.networks import Network, share_of
from bot.analysis.local.planes import Plane

_SIDE_PX: Final = 192
_AROUND: Final = 1.5  # of the face's longer side: what the model was made to look at
EYES: Final = (  # the outlines of both, along the lids
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
_LEFT_EDGE: Final = 234  # of the face, before the ears
_RIGHT_EDGE: Final = 454


@dataclass(frozen=True, kw_only=True, eq=False)
class Landmarks:
    """468 × (x, y, z), px of the picture; z is less the nearer to the camera. `score`: how surely a face, 0..1."""

    places: Plane
    score: float

    def scaled(self, factor: float) -> "Landmarks":
        """The same in the picture that this one is a copy of, `factor` times smaller."""
        return replace(self, places=self.places * np.float32(factor))

    @cached_property
    def eyes(self) -> Eyes:
        left, right = (self.places[list(eye), :2].mean(axis=0) for eye in EYES)
        return Eyes(left=(float(left[0]), float(left[1])), right=(float(right[0]), float(right[1])))

    @property
    def yaw(self) -> float:
        """How far the face looks to a side, degrees: 0 from the front; at 45 the model sees some 37."""
        across = self.places[_RIGHT_EDGE] - self.places[_LEFT_EDGE]
        return math.degrees(math.atan2(float(across[2]), math.hypot(float(across[0]), float(across[1]))))

    @cached_property
    def middle(self) -> tuple[float, float]:
        """Of the square around them that is turned as they are."""
        straight = self._turned_back.of(self.places[:, :2])
        x, y = (straight.min(axis=0) + straight.max(axis=0)) / 2
        return self._turned_back.inverse()(float(x), float(y))

    @cached_property
    def side(self) -> float:
        """Of that square: from the hairline to the chin, as a rule."""
        return float(np.ptp(self._turned_back.of(self.places[:, :2]), axis=0).max())

    @property
    def _turned_back(self) -> Affine:
        return Affine.turned(scale=1, roll=-self.eyes.roll, origin=(0, 0), to=(0, 0))


class Mesh:
    def __init__(self) -> None:
        self._network = Network("face_landmark")

    def laid(self, image: Image.Image, guess: Guess) -> Landmarks:
        """Those of the face that stands there, more or less."""
        return self._looked(image, middle=guess.middle, side=guess.side, roll=guess.roll)

    def laid_again(self, image: Image.Image, rough: Landmarks) -> Landmarks:
        """The same face's, from a look around what was found: they lie some hundredths of the eyes' distance better."""
        return self._looked(image, middle=rough.middle, side=rough.side, roll=rough.eyes.roll)

    def _looked(self, image: Image.Image, *, middle: tuple[float, float], side: float, roll: float) -> Landmarks:
        half = _SIDE_PX / 2
        way = Affine.turned(scale=max(side, 1.0) * _AROUND / _SIDE_PX, roll=roll, origin=(half, half), to=middle)
        pixels = cut_out(image, (0, 0, _SIDE_PX, _SIDE_PX), way, Image.Resampling.BILINEAR)
        places, logit = self._network(np.divide(pixels, 255, dtype=np.float32))
        x_y_z = places.reshape(-1, 3)
        return Landmarks(
            places=np.column_stack([way.of(x_y_z[:, :2]), x_y_z[:, 2] * way.scale]),
            score=float(share_of(logit).item()),
        )
