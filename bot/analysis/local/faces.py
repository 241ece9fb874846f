"""Finding faces: where one may be, a mesh is laid on it, and what takes the mesh is a face."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis.local.detector import Detector, Guess
from bot.analysis.local.eyes import Eyes
from bot.analysis.local.mesh import Landmarks, Mesh
from bot.imaging.canvas import Canvas
from bot.imaging.intake.clean_photo import SeenFace

_FITS_FROM: Final = 0.5  # the mesh's score: faces have 0.97 and more, most things that are none 0.04 and less
_SURE_FROM: Final = 0.6  # the detector's: upright faces have 0.7 and more, a lock of hair 0.58 and less
_MAYBE_FROM: Final = 0.1  # the mesh's
# Of a second face, either: a logo behind somebody had 0.79 of the mesh's and 0.69 of the detector's, people 0.97
_ANOTHER_FITS_FROM: Final = 0.9
_ANOTHER_SURE_FROM: Final = 0.75
_NEAR_SHARE: Final = 0.4
_SEEN_NEAR: Final = 0.15  # of the picture's long side: the detector for near faces sees what is larger
_MOST_FACES: Final = 6  # that are looked at: a crowd is no selfie
_SMALL_PX: Final = 384  # no detector looks at half as many
_MESHED_SMALL_PX: Final = 100  # with three quarters of the mesh's own pixels
_SAME: Final = 0.5
# Of the face's side, and radians: of 49 portraits 13 were off by more. A second look at the others put their places
# no nearer to the mean of many looks (0.012 of the eyes' distance off, with it 0.011); at all it is half of the work.
_AS_SEEN: Final = 0.02
_LOOKS: Final = (  # (right, down, size, turn) off the face's own square: in shares of it, in radians
    (0.0, 0.0, 1.0, 0.0), (0.03, 0.02, 0.96, 0.04), (-0.03, -0.02, 1.04, -0.04),
    (0.02, -0.03, 1.08, 0.06), (-0.02, 0.03, 0.92, -0.06), (0.04, -0.01, 1.0, -0.02),
    (-0.04, 0.01, 1.0, 0.02), (0.0, 0.04, 1.04, 0.03), (0.0, -0.04, 0.96, -0.03),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Face:
    """`score`: the detector's, 0..1; upright faces have 0.8 and more of it, the same upside down 0.77 and less."""

    landmarks: Landmarks
    score: float

    @property
    def is_sure(self) -> bool:
        return self.landmarks.score >= _FITS_FROM and self.score >= _SURE_FROM

    @property
    def is_person(self) -> bool:
        """Sure enough for somebody beside the one whose photo it is."""
        return self.landmarks.score >= _ANOTHER_FITS_FROM or self.score >= _ANOTHER_SURE_FROM

    @property
    def eyes(self) -> Eyes:
        return self.landmarks.eyes


def find_faces(image: Image.Image) -> tuple[Face, ...]:
    """Every face and maybe-face in an RGB picture, however it is turned.

    The nearer a face, the larger any other that would count: beside a near one, far ones are not looked for.
    """
    near, far = _detectors()
    factor = max(1, max(image.size) // _SMALL_PX)
    small = image.reduce(factor)
    found = _laid(image, small, near.guesses(small))
    nearest = max((face.landmarks.side for face in found if face.is_sure), default=0.0)
    if nearest * _NEAR_SHARE < _SEEN_NEAR * max(image.size):
        found += _laid(image, small, far.guesses(small))
    return tuple(_each_once(found))


def load_networks() -> None:
    """Once in a process."""
    _detectors()
    _mesh()


def counted_faces(faces: Iterable[Face]) -> list[Face]:
    """The surest, and others as near as people are to each other: a poster, a logo or a crowd is nobody's selfie."""
    likely = sorted((face for face in faces if face.is_sure), key=lambda face: face.score, reverse=True)
    sure = [face for place, face in enumerate(likely) if place == 0 or face.is_person]
    nearest = max((face.landmarks.side for face in sure), default=0.0)
    return [face for face in sure if face.landmarks.side >= _NEAR_SHARE * nearest]


def settled(image: Image.Image, face: Face) -> Face:
    """The same face, as it is measured: a detector's square is a rough place to lay a mesh."""
    return replace(face, landmarks=_mesh().laid_again(image, face.landmarks))


def seen_face(face: Face, factor: float) -> SeenFace:
    """Enough to find it again without a detector, in a picture `factor` times as large."""
    marks = face.landmarks
    x, y = marks.middle
    return SeenFace(middle=(x * factor, y * factor), side=marks.side * factor, roll=face.eyes.roll, score=face.score)


def found_again(canvas: Canvas, seen: SeenFace) -> Face:
    """The same face in a picture of its photo; looked at twice where it lies otherwise than it was seen."""
    guess = Guess(middle=canvas.at(*seen.middle), side=seen.side * canvas.scale, roll=seen.roll, score=seen.score)
    face = Face(landmarks=_mesh().laid(canvas.image, guess), score=seen.score)
    return face if _lies_at(guess, face.landmarks) else settled(canvas.image, face)


def looked_over(image: Image.Image, face: Face) -> Face:
    """The same face from the mean of many looks: one look alone puts an eye up to a hundredth of a face elsewhere."""
    for looks in (_LOOKS[:3], _LOOKS):
        landmarks, places = face.landmarks, []
        for right, down, size, turn in looks:
            middle = landmarks.middle[0] + right * landmarks.side, landmarks.middle[1] + down * landmarks.side
            roll = landmarks.eyes.roll + turn
            guess = Guess(middle=middle, side=landmarks.side * size, roll=roll, score=face.score)
            places.append(_mesh().laid(image, guess).places)
        face = replace(face, landmarks=replace(landmarks, places=sum(places[1:], places[0]) / np.float32(len(places))))
    return face


def _laid(image: Image.Image, small: Image.Image, guesses: Sequence[Guess]) -> list[Face]:
    """`guesses` are those in the small copy: there a near face has pixels enough for a first mesh."""
    factor = max(image.size) / max(small.size)
    laid = []
    for guess in guesses[:_MOST_FACES]:
        if guess.side >= _MESHED_SMALL_PX:
            landmarks = _mesh().laid(small, guess).scaled(factor)
        else:
            landmarks = _mesh().laid(image, guess.scaled(factor))
        laid.append(Face(landmarks=landmarks, score=guess.score))
    return [face for face in laid if face.landmarks.score >= _MAYBE_FROM]


def _each_once(faces: Iterable[Face]) -> list[Face]:
    """Two guesses may lead to one face, and both detectors see most: the surer guess is kept."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: (face.is_sure, face.score), reverse=True):
        if not any(_is_same(face.landmarks, other.landmarks) for other in kept):
            kept.append(face)
    return kept


def _lies_at(guess: Guess, marks: Landmarks) -> bool:
    apart = math.dist(marks.middle, guess.middle) / guess.side
    return max(apart, abs(marks.side / guess.side - 1), abs(marks.eyes.roll - guess.roll)) <= _AS_SEEN


def _is_same(one: Landmarks, other: Landmarks) -> bool:
    apart = max(abs(mine - its) for mine, its in zip(one.middle, other.middle, strict=True))
    return apart < _SAME * max(one.side, other.side)


@cache
def _detectors() -> tuple[Detector, Detector]:
    """For near and for far faces."""
    return (
        Detector("face_detection_short_range", side_px=128, cells=((8, 2), (16, 6))),
        Detector("face_detection_full_range", side_px=192, cells=((4, 1),)),
    )


@cache
def _mesh() -> Mesh:
    return Mesh()
