"""Finding faces: dlib's HOG detector, whose model is code, at a bounded size."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, cast

import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SEARCH_SIDE_PX: Final = 800  # of its long side: faces from a tenth of the picture on are found
_SURE_FROM: Final = 0.35  # real faces score 0.44 and more, things that are none 0.32 and less
_MAYBE_FROM: Final = 0.0
_FRONT_PX: Final = 130.0  # a face of this size is found again best
_AROUND: Final = 0.6
_JITTER: Final = (0.86, 0.93, 1.0, 1.08)


@dataclass(frozen=True, kw_only=True)
class Face:
    """A detector's square from brow to chin, in pixels of the picture; `score` is how sure (from 0.35 on: a face)."""

    left: float
    top: float
    side: float
    score: float

    @property
    def is_sure(self) -> bool:
        return self.score >= _SURE_FROM

    def scaled(self, factor: float, *, left: float = 0.0, top: float = 0.0) -> "Face":
        """The same face where every pixel is `factor` as large, and the picture began at `left`, `top`."""
        return Face(
            left=self.left * factor + left,
            top=self.top * factor + top,
            side=self.side * factor,
            score=self.score,
        )


def find_faces(image: Image.Image) -> tuple[Face, ...]:
    """Every face and maybe-face in an upright RGB picture, the surest first."""
    factor = max(1.0, max(image.size) / _SEARCH_SIDE_PX)
    small = _resized(image, factor)
    found = (face.scaled(factor) for face in _detected(small, threshold=_MAYBE_FROM))
    return tuple(sorted(found, key=lambda face: -face.score))


def settled(image: Image.Image, face: Face) -> Face:
    """The same face, its square the mean of several looks: one look is a step of the detector's grid off."""
    around = face.side * _AROUND
    area = (face.left - around, face.top - around, face.left + face.side + around, face.top + face.side + around)
    crop = image.crop(_whole(area))
    left, top = _whole(area)[:2]
    looks = [found for jitter in _JITTER if (found := _nearest(crop, face.side / (_FRONT_PX * jitter)))]
    if not looks:
        return face
    return Face(
        left=float(np.mean([look.left for look in looks])) + left,
        top=float(np.mean([look.top for look in looks])) + top,
        side=float(np.mean([look.side for look in looks])),
        score=face.score,
    )


def _nearest(crop: Image.Image, factor: float) -> Face | None:
    """The face nearest to the crop's middle."""
    middle = np.array(crop.size) / 2
    found = [face.scaled(factor) for face in _detected(_resized(crop, factor), threshold=_MAYBE_FROM)]
    return min(
        found,
        key=lambda face: float(np.hypot(*(np.array([face.left, face.top]) + face.side / 2 - middle))),
        default=None,
    )


def _whole(area: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge) for edge in area)
    return left, top, right, bottom


def _resized(image: Image.Image, factor: float) -> Image.Image:
    """`factor` times smaller."""
    size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
    return image if size == image.size else image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0)


class _Rectangle(Protocol):
    def left(self) -> int: ...
    def top(self) -> int: ...
    def width(self) -> int: ...


class _Detector(Protocol):
    def run(
        self, image: NDArray[np.uint8], upsample: int, threshold: float, /
    ) -> tuple[Sequence[_Rectangle], Sequence[float], Sequence[int]]: ...


class _Detectors(threading.local):
    """A detector keeps its working memory: one a thread."""

    def __init__(self) -> None:
        self.front = cast("_Detector", dlib.get_frontal_face_detector())


_DETECTORS: Final = _Detectors()


def _detected(image: Image.Image, *, threshold: float) -> list[Face]:
    pixels = np.asarray(image.convert("RGB"))
    rectangles, scores, _ = _DETECTORS.front.run(pixels, 0, threshold)
    return [
        Face(left=rectangle.left(), top=rectangle.top(), side=rectangle.width(), score=score)
        for rectangle, score in zip(rectangles, scores, strict=True)
    ]
