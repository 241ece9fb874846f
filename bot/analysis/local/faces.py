"""Finding faces: dlib's HOG detector, whose model is code, at a bounded size."""

import math
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final, Protocol, cast

import dlib
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_SEARCH_SIDE_PX: Final = 800  # of its long side: faces from a tenth of the picture on are found
_GLANCE_SIDE_PX: Final = 400
_WINDOW_PX: Final = 80.0  # the detector's: no smaller face is found
_WELL_SEEN_PX: Final = 88.0
_SURE_FROM: Final = 0.35  # real faces score 0.44 and more, things that are none 0.32 and less
_MAYBE_FROM: Final = 0.0
_FRONT_PX: Final = 130.0  # a face of this size is found again best
_NEAR_SHARE: Final = 0.4
_ASIDE: Final = frozenset({1, 2})  # of its parts: front, left, right, tilted left, tilted right
_AROUND: Final = 0.6
_JITTER: Final = (0.86, 0.93, 1.0, 1.08)


@dataclass(frozen=True, kw_only=True)
class Face:
    """A detector's square from brow to chin, in pixels of the picture; `score` is how sure (from 0.35 on: a face).

    `looks_aside`: it was found by one of the detector's two parts for faces that look to a side.
    """

    left: float
    top: float
    side: float
    score: float
    looks_aside: bool = False

    @property
    def is_sure(self) -> bool:
        return self.score >= _SURE_FROM

    def scaled(self, factor: float, *, left: float = 0.0, top: float = 0.0) -> "Face":
        """The same face where every pixel is `factor` as large, and the picture began at `left`, `top`."""
        return replace(self, left=self.left * factor + left, top=self.top * factor + top, side=self.side * factor)


def find_faces(image: Image.Image) -> tuple[Face, ...]:
    """Every face and maybe-face in an upright RGB picture, the surest first.

    When none is sure, the likeliest is looked at again, closer: very dark or soft faces are sure only then.
    """
    found = _found(image, _SEARCH_SIDE_PX)
    if found and not found[0].is_sure:
        found[0] = replace(found[0], score=max(found[0].score, _second_score(image, found[0])))
    return tuple(found)


def find_counted_faces(image: Image.Image) -> tuple[Face, ...]:
    """The same, where faces too small to count beside the nearest may be missing.

    The nearer a face, the fewer pixels show any other that would count; a near one is found at a glance.
    """
    half, side_px = image.reduce(2), _GLANCE_SIDE_PX
    while side_px < min(_SEARCH_SIDE_PX, max(image.size)):
        found = _found_by(half, image, side_px)
        counting = _NEAR_SHARE * max((face.side for face in found if face.is_sure), default=0.0) / max(image.size)
        if counting * side_px >= _WINDOW_PX:
            return tuple(found)
        side_px = math.ceil(_WELL_SEEN_PX / counting) if counting else _SEARCH_SIDE_PX  # a tenth more at least
    return find_faces(image)


def _found_by(half: Image.Image, image: Image.Image, side_px: int) -> list[Face]:
    """From the copy of half the size, where that is large enough: it is made once for several looks."""
    if max(half.size) < side_px:
        return _found(image, side_px)
    factor = max(image.size) / max(half.size)
    return [face.scaled(factor) for face in _found(half, side_px)]


def _found(image: Image.Image, side_px: int) -> list[Face]:
    """With that many pixels on the long side, the surest first."""
    factor = max(1.0, max(image.size) / side_px)
    small = _resized(image, factor)
    found = [face.scaled(factor) for face in _detected(small, threshold=_MAYBE_FROM)]
    return sorted(found, key=lambda face: -face.score)


def counted_faces(faces: Iterable[Face]) -> list[Face]:
    """The sure ones that are not far behind the nearest: a face on a poster or in a crowd is nobody's selfie."""
    sure = [face for face in faces if face.is_sure]
    nearest = max((face.side for face in sure), default=0.0)
    return [face for face in sure if face.side >= _NEAR_SHARE * nearest]


def settled(image: Image.Image, face: Face) -> Face:
    """The same face, its square the mean of several looks: one look is a step of the detector's grid off."""
    looks = _closer(image, face)
    if not looks:
        return face
    left, top, side = (
        float(np.mean(values)) for values in zip(*((look.left, look.top, look.side) for look in looks), strict=True)
    )
    return replace(face, left=left, top=top, side=side)


def _second_score(image: Image.Image, face: Face) -> float:
    """The best score of a face that every closer look finds; 0 for one that comes and goes."""
    looks = _closer(image, face)
    return max(look.score for look in looks) if len(looks) == len(_JITTER) else 0.0


def _closer(image: Image.Image, face: Face) -> list[Face]:
    """The same face as found at several sizes, in pixels of the picture."""
    around = face.side * _AROUND
    area = (face.left - around, face.top - around, face.left + face.side + around, face.top + face.side + around)
    left, top, right, bottom = (round(edge) for edge in area)
    crop = image.crop((left, top, right, bottom))
    looks = (_nearest(crop, face.side / (_FRONT_PX * jitter)) for jitter in _JITTER)
    return [look.scaled(1.0, left=left, top=top) for look in looks if look is not None]


def _nearest(crop: Image.Image, factor: float) -> Face | None:
    """The face nearest to the crop's middle."""
    middle = np.array(crop.size) / 2
    found = [face.scaled(factor) for face in _detected(_resized(crop, factor), threshold=_MAYBE_FROM)]
    return min(
        found,
        key=lambda face: float(np.hypot(*(np.array([face.left, face.top]) + face.side / 2 - middle))),
        default=None,
    )


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


# To make one takes 0.5 s, in which no other thread of its process runs; to copy one takes 5 ms.
_MAKE: Final = "import dlib, pickle, sys; sys.stdout.buffer.write(pickle.dumps(dlib.get_frontal_face_detector()))"

_MAKE_SECONDS: Final = 30.0  # on the busiest machine


def _made() -> bytes:
    """A detector, pickled: by a process of its own, so that the event loop does not stand still meanwhile."""
    with suppress(OSError, subprocess.SubprocessError):  # no process to be had: then here
        return subprocess.run(  # noqa: S603 - ourselves
            [sys.executable, "-P", "-c", _MAKE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            timeout=_MAKE_SECONDS,
        ).stdout
    return pickle.dumps(dlib.get_frontal_face_detector())


_MADE: Final = _made()


class _Detectors(threading.local):
    """A detector keeps its working memory: one a thread."""

    def __init__(self) -> None:
        self.front = cast("_Detector", pickle.loads(_MADE))  # noqa: S301 - made above


_DETECTORS: Final = _Detectors()


def _detected(image: Image.Image, *, threshold: float) -> list[Face]:
    pixels = np.asarray(image.convert("RGB"))
    rectangles, scores, parts = _DETECTORS.front.run(pixels, 0, threshold)
    return [
        Face(
            left=rectangle.left(), top=rectangle.top(), side=rectangle.width(), score=score, looks_aside=part in _ASIDE
        )
        for rectangle, score, part in zip(rectangles, scores, parts, strict=True)
    ]
