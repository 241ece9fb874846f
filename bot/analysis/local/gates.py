"""What a first look finds: which way is up, how many faces there are, and whether the one can be read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Self

import numpy as np
from PIL import Image

from bot.analysis.local.colour import lightness_of
from bot.analysis.local.eyes import Eyes, find_eyes
from bot.analysis.local.faces import Face, counted_faces, find_counted_faces, find_faces, settled
from bot.analysis.local.frame import FACE_SIDE, Frame, Part
from bot.analysis.local.looking import Seen
from bot.analysis.local.planes import Mask, blurred
from bot.analysis.local.zones import SEEDS, eyes_mask, zones_mask
from bot.skin.photo import PhotoIssue

_TURNS: Final = (  # sideways is likelier than upside down
    (90, Image.Transpose.ROTATE_90),
    (270, Image.Transpose.ROTATE_270),
    (180, Image.Transpose.ROTATE_180),
)
_TURN_FROM: Final = 0.5  # a score: turning a photo has to be surer than finding a face in it
_CLEARLY: Final = 0.15
_SMALL_SIDE_PX: Final = 200  # of the vendor's square; it asks for 400 and reads down to about a half
_DARK_LIGHTNESS: Final = 15.0  # L* that nine tenths of nose and cheeks stay below: darker than any skin in a lit room
_BURNT_SHARE: Final = 0.5  # of nose and cheeks, without any colour left
_BLURRED_DETAIL: Final = 0.009  # finest contrast at the eyes over the skin's lightness; sharp eyes have 0.04 and more
_SIDEWAYS_APART: Final = 0.36  # eye distance over the detector's square; from the front it is 0.41 to 0.47
_BLUR_PX: Final = 2
_BLUR_REACH_PX: Final = 2 * _BLUR_PX


def seen_in(image: Image.Image, *, scale: float) -> Seen:
    faces = find_counted_faces(image)
    turn = 0
    if not any(face.score >= _TURN_FROM for face in faces):
        turn, image, faces = _the_right_way_up(image, faces)
    sure = counted_faces(faces)
    if not sure:
        return Seen(issues=frozenset() if faces else frozenset({PhotoIssue.NO_FACE}))
    if len(sure) > 1:
        return Seen(turn=turn, issues=frozenset({PhotoIssue.SEVERAL_FACES}))
    return Seen(turn=turn, face_found=True, issues=_issues(image, sure[0], scale))


def _the_right_way_up(image: Image.Image, faces: tuple[Face, ...]) -> tuple[int, Image.Image, tuple[Face, ...]]:
    """The way in which a face is surest; as it came, unless another is clearly better: a chin may pass for a face."""
    best = 0, image, faces
    needed = max(_TURN_FROM, _surest(faces) + _CLEARLY)
    for degrees, transpose in _TURNS:
        turned = image.transpose(transpose)
        found = find_faces(turned)
        if _surest(found) >= needed:
            best, needed = (degrees, turned, found), _surest(found)
    return best


def _surest(faces: Sequence[Face]) -> float:
    return max((face.score for face in faces), default=0.0)


def _issues(image: Image.Image, face: Face, scale: float) -> frozenset[PhotoIssue]:
    """A doubt is told only when it stands a closer look at the face; most photos raise none and need none."""
    doubts = frozenset(_doubts(image, face, scale))
    return frozenset(_doubts(image, settled(image, face), scale)) if doubts else doubts


def _doubts(image: Image.Image, face: Face, scale: float) -> Iterator[PhotoIssue]:
    eyes = find_eyes(image, face)
    if eyes.apart * FACE_SIDE / scale < _SMALL_SIDE_PX:
        yield PhotoIssue.FACE_SMALL
    if face.looks_aside and eyes.apart < _SIDEWAYS_APART * face.side:
        yield PhotoIssue.TURNED_AWAY
    yield from _light_and_sharpness(image, eyes)


def _light_and_sharpness(image: Image.Image, eyes: Eyes) -> Sequence[PhotoIssue]:
    """At most one: what is dark or burnt has no detail either."""
    frame, skin_zone, eye_zone = Frame(eyes=eyes), _skin_zone(), _eye_zone()
    skin = frame.straight(image, skin_zone.part, Image.Resampling.NEAREST)[skin_zone.mask]
    lightness = lightness_of(skin)
    if np.percentile(lightness, 90) < _DARK_LIGHTNESS:
        return [PhotoIssue.TOO_DARK]
    if (skin.min(axis=1) >= 250).mean() > _BURNT_SHARE:
        return [PhotoIssue.TOO_BRIGHT]
    around_eyes = lightness_of(frame.straight(image, eye_zone.part))
    fine = (around_eyes - blurred(around_eyes, _BLUR_PX))[eye_zone.mask].std()
    return [PhotoIssue.BLURRED] if fine < _BLURRED_DETAIL * np.median(lightness) else []


@dataclass(frozen=True, kw_only=True)
class _Zone:
    """A part of the straight face, and which of its pixels are looked at."""

    part: Part
    mask: Mask

    @classmethod
    def of(cls, mask: Mask, *, around_px: int = 0) -> Self:
        rows, columns = np.nonzero(mask)
        left, top = int(columns.min()) - around_px, int(rows.min()) - around_px
        right, bottom = int(columns.max()) + 1 + around_px, int(rows.max()) + 1 + around_px
        return cls(part=(left, top, right, bottom), mask=mask[top:bottom, left:right])


@cache
def _skin_zone() -> _Zone:
    """Nose and cheeks, a pixel of four: how light they are shows in that."""
    whole = zones_mask(SEEDS)
    sampled = np.zeros_like(whole)
    sampled[::2, ::2] = whole[::2, ::2]
    return _Zone.of(sampled)


@cache
def _eye_zone() -> _Zone:
    return _Zone.of(eyes_mask(), around_px=_BLUR_REACH_PX)
