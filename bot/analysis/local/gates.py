"""What a first look finds: which way is up, how many faces there are, and whether the one can be read."""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis.local.affine import Part
from bot.analysis.local.colour import lightness_of
from bot.analysis.local.covering import covering_in
from bot.analysis.local.faces import Face, counted_faces, find_faces
from bot.analysis.local.frame import FACE_SIDE, Frame
from bot.analysis.local.planes import Mask, blurred
from bot.analysis.local.seen import Seen
from bot.analysis.local.zones import SEEDS, Zones, eyes_mask
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
_MOST_YAW: Final = 33.0  # as the mesh sees it, some 40 degrees; the vendor likes 30 and refuses 45
_SMALL_SIDE_PX: Final = 200  # of the vendor's square; it asks for 400 and reads down to about a half
_DARK_LIGHTNESS: Final = 15.0  # L* that nine tenths of nose and cheeks stay below: darker than any skin in a lit room
_BURNT_SHARE: Final = 0.5  # of nose and cheeks, without any colour left
_BLURRED_DETAIL: Final = 0.009  # finest contrast at the eyes over the skin's lightness; sharp eyes have 0.04 and more
_BLUR_PX: Final = 2
_BLUR_REACH_PX: Final = 2 * _BLUR_PX


def seen_in(image: Image.Image, *, scale: float) -> Seen:
    turn, image, faces = _the_right_way_up(image)
    whole = [face for face in faces if _has_its_eyes(face, image)]
    sure = counted_faces(whole)
    if not sure:
        return Seen(issues=frozenset() if whole else frozenset({PhotoIssue.NO_FACE}))
    if len(sure) > 1:
        return Seen(turn=turn, issues=frozenset({PhotoIssue.SEVERAL_FACES}))
    issues = frozenset(_doubts(image, sure[0], scale)) | covering_in(image, sure[0]).doubts
    return Seen(turn=turn, face_found=True, issues=issues)


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


def _doubts(image: Image.Image, face: Face, scale: float) -> Iterator[PhotoIssue]:
    if face.eyes.apart * FACE_SIDE / scale < _SMALL_SIDE_PX:
        yield PhotoIssue.FACE_SMALL
    if abs(face.landmarks.yaw) > _MOST_YAW:
        yield PhotoIssue.TURNED_AWAY
    yield from _light_and_sharpness(image, face)


def _light_and_sharpness(image: Image.Image, face: Face) -> Sequence[PhotoIssue]:
    """At most one: what is dark or burnt has no detail either."""
    frame = Frame(eyes=face.eyes)
    rows, columns = Zones(face.landmarks, frame).samples(SEEDS).T
    if not rows.size:
        return []  # so odd a mesh is nobody's
    left, top = int(columns.min()), int(rows.min())
    part = (left, top, int(columns.max()) + 1, int(rows.max()) + 1)
    skin = frame.straight(image, part, Image.Resampling.NEAREST)[rows - top, columns - left]
    lightness = lightness_of(skin)
    if np.percentile(lightness, 90) < _DARK_LIGHTNESS:
        return [PhotoIssue.TOO_DARK]
    if (skin.min(axis=1) >= 250).mean() > _BURNT_SHARE:
        return [PhotoIssue.TOO_BRIGHT]
    part, mask = _eyes()
    around_eyes = lightness_of(frame.straight(image, part))
    fine = (around_eyes - blurred(around_eyes, _BLUR_PX))[mask].std()
    return [PhotoIssue.BLURRED] if fine < _BLURRED_DETAIL * np.median(lightness) else []


@cache
def _eyes() -> tuple[Part, Mask]:
    """The part of any straight face that holds the eyes, and which of it they are."""
    mask = eyes_mask()
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    left, top = int(columns[0]) - _BLUR_REACH_PX, int(rows[0]) - _BLUR_REACH_PX
    within = mask[top : int(rows[-1]) + 1 + _BLUR_REACH_PX, left : int(columns[-1]) + 1 + _BLUR_REACH_PX]
    return (left, top, left + within.shape[1], top + within.shape[0]), within
