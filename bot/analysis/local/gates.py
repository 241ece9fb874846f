"""What a first look finds: which way is up, how many faces there are, and whether the one can be read."""

import math
from collections.abc import Sequence
from typing import Final

from PIL import Image

from bot.analysis.local.covering import covering_in
from bot.analysis.local.doubts import doubts_about, side_light_on
from bot.analysis.local.faces import Face, counted_faces, find_faces, seen_face
from bot.analysis.local.seen import Seen
from bot.analysis.local.shape import surroundings_of
from bot.skin.photo import PhotoIssue

_TURNS: Final = (
    (90, Image.Transpose.ROTATE_90),
    (270, Image.Transpose.ROTATE_270),
    (180, Image.Transpose.ROTATE_180),
)
_SURELY_UPRIGHT: Final = 0.8  # a detector's score: upside down, faces have less
_TURN_FROM: Final = 0.7  # turning a photo has to be surer than finding a face in it
_CLEARLY: Final = 0.1
_MOST_ROLL: Final = math.radians(50)  # more than half a turn's quarter: as it came, where both ways are as good


def seen_in(image: Image.Image, *, scale: float) -> Seen:
    """`scale`: px of this picture for one of the photo that is sent."""
    turn, image, faces = _the_right_way_up(image)
    whole = [face for face in faces if _has_its_eyes(face, image)]
    sure = counted_faces(whole)
    if not sure:
        return Seen(issues=frozenset() if whole else frozenset({PhotoIssue.NO_FACE}))
    if len(sure) > 1:
        return Seen(turn=turn, issues=frozenset({PhotoIssue.SEVERAL_FACES}))
    issues = frozenset(doubts_about(image, sure[0], scale=scale)) | covering_in(image, sure[0]).doubts
    return Seen(
        turn=turn,
        face=seen_face(sure[0], 1 / scale),
        surroundings=surroundings_of(sure[0], image.size),
        apart=sure[0].eyes.apart,
        issues=issues,
        side_light=side_light_on(image, sure[0]),
    )


def _the_right_way_up(image: Image.Image) -> tuple[int, Image.Image, tuple[Face, ...]]:
    """The way in which a face is surest; as it came, unless another is clearly better."""
    faces = find_faces(image)
    surest = _surest(faces)
    best = 0, image, faces
    if surest >= _SURELY_UPRIGHT:
        return best
    needed = max(_TURN_FROM, surest + _CLEARLY)
    for degrees, transpose in _TURNS:
        turned = image.transpose(transpose)
        found = find_faces(turned)
        if _surest(found) >= needed:
            best, needed = (degrees, turned, found), _surest(found)
    return best


def _surest(faces: Sequence[Face]) -> float:
    """The best score of a face that stands upright."""
    return max((face.score for face in faces if face.is_sure and abs(face.eyes.roll) < _MOST_ROLL), default=0.0)


def _has_its_eyes(face: Face, image: Image.Image) -> bool:
    """Where a mouth and a chin are all there is, the mesh goes on beyond the picture's edge."""
    return all(0 <= x < image.width and 0 <= y < image.height for x, y in (face.eyes.left, face.eyes.right))
