"""Where faces may be: MediaPipe's BlazeFace, whose grid of guesses is read and thinned out here.

After Bazarevsky and others, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs" (2019).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.networks import Network, share_of
from bot.analysis.local.planes import Plane

_LEAST_SCORE: Final = 0.3
_SAME: Final = 0.3  # intersection over union
_MIDDLE, _SIZE, _LEFT_EYE, _RIGHT_EYE = range(4)  # of a guess's eight pairs of numbers; then nose, mouth, ears
_PLACES: Final = (_MIDDLE, *range(_LEFT_EYE, 8))


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A square from brow to chin, px of the picture; `roll`: how far the eyes' line is turned, radians, clockwise."""

    middle: tuple[float, float]
    side: float
    roll: float
    score: float

    def scaled(self, factor: float) -> "Guess":
        """The same in the picture that this one is a copy of, `factor` times smaller."""
        return replace(self, middle=(self.middle[0] * factor, self.middle[1] * factor), side=self.side * factor)


class Detector:
    """One of the two ranges: a near face fills a good part of the picture, a far one a tenth."""

    def __init__(self, model: str, *, side_px: int, cells: Sequence[tuple[int, int]]) -> None:
        """`cells`: (px of a cell's side, guesses of a cell) for each of the model's grids."""
        self._network = Network(model)
        self._side_px = side_px
        self._anchors = np.concatenate([_anchors(side_px, cell_px, guesses) for cell_px, guesses in cells])

    def guesses(self, image: Image.Image) -> list[Guess]:
        """The surest first; each face once."""
        pixels, factor, corner = self._pixels(image)
        points, logits = self._network(pixels)
        scores = share_of(logits[:, 0])
        likely = np.nonzero(scores >= _LEAST_SCORE)[0]
        places = points[likely].reshape(-1, 8, 2) * factor
        places[:, _PLACES] += ((self._anchors[likely] - corner) * factor)[:, np.newaxis]
        return _thinned(places, scores[likely])

    def _pixels(self, image: Image.Image) -> tuple[NDArray[np.float32], float, tuple[int, int]]:
        """-1..1 in the middle of a square that is 0 around it; how much smaller that is, and where it begins."""
        factor = max(image.size) / self._side_px
        size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
        small = image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)
        left, top = (self._side_px - size[0]) // 2, (self._side_px - size[1]) // 2
        pixels = np.zeros((self._side_px, self._side_px, 3), dtype=np.float32)
        pixels[top : top + size[1], left : left + size[0]] = np.asarray(small, dtype=np.float32) / 127.5 - 1
        return pixels, factor, (left, top)


def _anchors(side_px: int, cell_px: int, guesses: int) -> Plane:
    """Where each guess counts from: the middle of its cell; a row after the other."""
    middles = np.arange(cell_px / 2, side_px, cell_px, dtype=np.float32)
    x, y = np.meshgrid(middles, middles)
    return np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), guesses, axis=0)


def _thinned(places: Plane, scores: Plane) -> list[Guess]:
    """Guesses of the same face, made one: their mean, by how sure each is."""
    found = []
    left = np.argsort(-scores)
    while left.size:
        same = _overlaps(places[left]) > _SAME
        same[0] = True  # also one without any area
        group = left[same]
        found.append(_guess(np.average(places[group], axis=0, weights=scores[group]), float(scores[left[0]])))
        left = left[~same]
    return found


def _overlaps(places: Plane) -> Plane:
    """Of each with the first, as intersection over union."""
    middles, sizes = places[:, _MIDDLE], np.maximum(places[:, _SIZE], 1e-6)
    low = np.maximum(middles - sizes / 2, middles[0] - sizes[0] / 2)
    high = np.minimum(middles + sizes / 2, middles[0] + sizes[0] / 2)
    shared = np.maximum(high - low, 0).prod(axis=1)
    return np.asarray(shared / (sizes.prod(axis=1) + sizes[0].prod() - shared), dtype=np.float32)


def _guess(place: Plane, score: float) -> Guess:
    (left_x, left_y), (right_x, right_y) = place[_LEFT_EYE], place[_RIGHT_EYE]
    return Guess(
        middle=(float(place[_MIDDLE, 0]), float(place[_MIDDLE, 1])),
        side=float(place[_SIZE].max()),
        roll=math.atan2(right_y - left_y, right_x - left_x),
        score=score,
    )
