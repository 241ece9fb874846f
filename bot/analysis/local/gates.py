"""What a first look finds: which way is up, how many faces there are, and whether the one can be read."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis.local.colour import lab_of
from bot.analysis.local.eyes import Eyes, find_eyes
from bot.analysis.local.faces import Face, counted_faces, find_faces, settled
from bot.analysis.local.frame import FACE_SIDE, Frame
from bot.analysis.local.looking import Seen
from bot.analysis.local.planes import blurred
from bot.analysis.local.zones import SEEDS, eyes_mask, zones_mask
from bot.skin.photo import PhotoIssue

_TURNS: Final = (  # sideways is likelier than upside down
    (90, Image.Transpose.ROTATE_90),
    (270, Image.Transpose.ROTATE_270),
    (180, Image.Transpose.ROTATE_180),
)
_TURN_FROM: Final = 0.5  # a score: turning a photo has to be surer than finding a face in it
_SMALL_SIDE_PX: Final = 200  # of the vendor's square; it asks for 400 and reads down to about a half
_DARK_LIGHTNESS: Final = 15.0  # L* that nine tenths of nose and cheeks stay below: darker than any skin in a lit room
_BURNT_SHARE: Final = 0.5  # of nose and cheeks, without any colour left
_BLURRED_DETAIL: Final = 0.009  # finest contrast at the eyes over the skin's lightness; sharp eyes have 0.04 and more
_SIDEWAYS_APART: Final = 0.36  # eye distance over the detector's square; from the front it is 0.41 to 0.47


def seen_in(image: Image.Image, *, scale: float) -> Seen:
    faces = find_faces(image)
    turn = 0
    if not any(face.is_sure for face in faces):
        turn, image, faces = _the_right_way_up(image, faces)
    sure = counted_faces(faces)
    if not sure:
        return Seen(issues=frozenset() if faces else frozenset({PhotoIssue.NO_FACE}))
    if len(sure) > 1:
        return Seen(turn=turn, issues=frozenset({PhotoIssue.SEVERAL_FACES}))
    return Seen(turn=turn, face_found=True, issues=frozenset(_issues(image, sure[0], scale)))


def _the_right_way_up(image: Image.Image, faces: tuple[Face, ...]) -> tuple[int, Image.Image, tuple[Face, ...]]:
    for degrees, transpose in _TURNS:
        turned = image.transpose(transpose)
        found = find_faces(turned)
        if found and found[0].score >= _TURN_FROM:
            return degrees, turned, found
    return 0, image, faces


def _issues(image: Image.Image, face: Face, scale: float) -> Iterator[PhotoIssue]:
    square = settled(image, face)
    eyes = find_eyes(image, square)
    if eyes.apart * FACE_SIDE / scale < _SMALL_SIDE_PX:
        yield PhotoIssue.FACE_SMALL
    if face.looks_aside and eyes.apart < _SIDEWAYS_APART * square.side:
        yield PhotoIssue.TURNED_AWAY
    yield from _light_and_sharpness(image, eyes)


def _light_and_sharpness(image: Image.Image, eyes: Eyes) -> Sequence[PhotoIssue]:
    """At most one: what is dark or burnt has no detail either."""
    pixels = Frame(eyes=eyes).straight(image)
    lightness = lab_of(pixels).lightness
    skin = zones_mask(SEEDS)
    if np.percentile(lightness[skin], 90) < _DARK_LIGHTNESS:
        return [PhotoIssue.TOO_DARK]
    if (pixels[skin].min(axis=-1) >= 250).mean() > _BURNT_SHARE:
        return [PhotoIssue.TOO_BRIGHT]
    fine = (lightness - blurred(lightness, 2))[eyes_mask()].std()
    return [PhotoIssue.BLURRED] if fine < _BLURRED_DETAIL * np.median(lightness[skin]) else []
