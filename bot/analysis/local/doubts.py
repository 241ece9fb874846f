"""Why one face may read badly: too small, turned, cut off, dark, burnt, lit from a side, in coloured light, blurred."""

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.affine import Part
from bot.analysis.local.colour import light_of, lightness_of, luminance_of
from bot.analysis.local.eyes import Whites, whites_of
from bot.analysis.local.faces import Face
from bot.analysis.local.frame import FACE_SIDE, Frame
from bot.analysis.local.planes import Mask, Plane
from bot.analysis.local.zones import Zones, eyes_mask
from bot.skin.analysis import SkinZone
from bot.skin.photo import PhotoIssue

_SMALL_SIDE_PX: Final = 200  # of the vendor's square; it asks for 400 and reads down to about a half
_MOST_YAW: Final = 27.0  # as the mesh sees it, some 33 degrees: from there on one cheek is hidden
_CUT_OFF: Final = 0.05  # of the mesh's places beyond the picture's edge
_LOOKED_AT: Final = (SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.NOSE, SkinZone.GLABELLA)
_CHEEKS: Final = _LOOKED_AT[:2]
_BY_AREA: Final = {SkinZone.LEFT_CHEEK: 1, SkinZone.RIGHT_CHEEK: 1, SkinZone.NOSE: 3}  # each so many of their places
_DARK_LIGHTNESS: Final = 32.0  # L* of nose and cheeks; deep skin in a lit room has 36 and more
_LIT_WHITES: Final = 65.0  # L* of the whites of the eyes: beside these, dark skin is dark skin in good light
_BLOWN: Final = 250
_BURNT_SHARE: Final = 0.22  # of the cheeks: of a quarter, a JPEG pulls some below what burns, of red alone most
_SIDE_CONTRAST: Final = 0.13  # of the light on the two cheeks, their difference over their sum: surely told from 0.15
_SHADOW_CONTRAST: Final = 0.6  # the darker cheek has less than a quarter of the light of the other: it is soon hidden

_FINE_PX: Final = 3  # of the half straight face: half a wave that blur of a tenth of the eyes' distance takes away
_COARSE_PX: Final = 10  # half a wave of what a face has, sharp or not: brows, eyes, the shadow of a nose
_WAYS: Final = 8
_EACH_PX: Final = 2  # a quarter of all places says the same
_SHARP: Final = 0.375  # moved by a tenth, one of thirty has more; sharp portraits have 0.4 to 0.8
_BEST_WAY_COUNTS: Final = 0.3

_OPEN_FROM: Final = 0.15  # ln(red/blue) by which the whites are bluer than the skin: less is a lid
# ln(red/blue), and ln(green) above the mean of both, in linear light: what daylight and good lamps leave
_CLEAR_WHITES: Final = 0.7  # of the skin's L*
_WHITES_YELLOW: Final = (-0.05, 0.78)
_WHITES_GREEN: Final = (-0.4, 0.2)
_SKIN_YELLOW: Final = (0.3, 2.0)
_USUAL_LIGHTNESS: Final = 60.0
# The same of skin that is so light, and by how much less it is with each L* more: pigment darkens and yellows
_USUAL_YELLOW: Final = (0.42, 1.72)
_PALER: Final = 0.02
_ALIKE: Final = 1.0  # bare parts of one face are, whatever the shadows; cloth is not
_FAINT: Final = 0.005


def doubts_about(image: Image.Image, face: Face, *, scale: float) -> Iterator[PhotoIssue]:
    """`scale`: px of this picture for one of the photo that is sent."""
    if face.eyes.apart * FACE_SIDE / scale < _SMALL_SIDE_PX:
        yield PhotoIssue.FACE_SMALL
    if abs(face.landmarks.yaw) > _MOST_YAW:
        yield PhotoIssue.TURNED_AWAY
    if _share_outside(face, image.size) > _CUT_OFF:
        yield PhotoIssue.FACE_CUT_OFF
    yield from _light_and_sharpness(image, face)


def side_light_on(image: Image.Image, face: Face) -> float | None:
    """Of the light on the two cheeks, their difference over their sum; above zero where it is the picture's left that

    has more. None where one of them lies beyond the picture.
    """
    frame = Frame(eyes=face.eyes)
    zones = Zones(face.landmarks, frame)
    cheeks = [_pixels_at(image, frame.to_photo.of(zones.samples(zone))) for zone in _CHEEKS]
    return _contrast_of(cheeks) if all(cheek.size for cheek in cheeks) else None


def _share_outside(face: Face, size: tuple[int, int]) -> float:
    places = face.landmarks.places[:, :2]
    return float(((places < 0) | (places >= size)).any(axis=1).mean())


def _light_and_sharpness(image: Image.Image, face: Face) -> Iterator[PhotoIssue]:
    frame = Frame(eyes=face.eyes)
    zones = Zones(face.landmarks, frame)
    looked = {zone: _pixels_at(image, frame.to_photo.of(zones.samples(zone))) for zone in _LOOKED_AT}
    seen = {zone: pixels for zone, pixels in looked.items() if pixels.size}
    cheeks_and_nose = [seen[zone][::each] for zone, each in _BY_AREA.items() if zone in seen]
    if not cheeks_and_nose:
        return  # so odd a mesh is nobody's
    lightness = float(np.median(lightness_of(np.concatenate(cheeks_and_nose))))
    part = _around_eyes()
    whites = whites_of(frame.straight(image, part), [outline - part[:2] for outline in zones.eyes])
    if lightness < _DARK_LIGHTNESS and (whites is None or whites.lab[0] < _LIT_WHITES):
        yield PhotoIssue.TOO_DARK  # and there is neither colour nor detail
        return
    yield from _on_the_cheeks([seen[zone] for zone in _CHEEKS if zone in seen])
    is_near = face.eyes.apart * FACE_SIDE >= _SMALL_SIDE_PX
    skin = np.array([np.median(light_of(colours), axis=0) for colours in seen.values()])
    if _is_tinted(skin, whites, lightness=lightness, is_near=is_near):
        yield PhotoIssue.TINTED_LIGHT
    if _sharpness(image, frame, zones) < _SHARP:
        yield PhotoIssue.BLURRED


def _pixels_at(image: Image.Image, places: Plane) -> NDArray[np.uint8]:
    """Those of these places, (x, y) in the picture, that lie in it."""
    inside = ((places >= 0) & (places <= np.array(image.size) - 1)).all(axis=1)
    pixels = image.load()
    if pixels is None:
        raise TypeError("a picture that is loaded has pixels")
    found = [pixels[column, row] for column, row in np.rint(places[inside]).astype(np.intp).tolist()]
    return np.array(found, dtype=np.uint8).reshape(-1, 3)


def _on_the_cheeks(cheeks: Sequence[NDArray[np.uint8]]) -> Iterator[PhotoIssue]:
    if cheeks and (np.concatenate(cheeks).max(axis=1) >= _BLOWN).mean() > _BURNT_SHARE:
        yield PhotoIssue.TOO_BRIGHT
    contrast = abs(_contrast_of(cheeks)) if len(cheeks) == len(_CHEEKS) else 0
    if contrast >= _SHADOW_CONTRAST:
        yield PhotoIssue.HALF_IN_SHADOW
    if contrast >= _SIDE_CONTRAST:
        yield PhotoIssue.SIDE_LIGHT


def _contrast_of(cheeks: Sequence[NDArray[np.uint8]]) -> float:
    left, right = (float(np.median(luminance_of(cheek))) for cheek in cheeks)
    return (left - right) / max(left + right, 1e-6)


def _is_tinted(skin: Plane, whites: Whites | None, *, lightness: float, is_near: bool) -> bool:
    """By a colour that nobody's skin has, by the whites of the eyes, or, where these say little, by skin so light.

    Part of the face may be covered by something blue: what speaks of cold light is all of it. In few pixels and in the
    lids' shadow the whites take on the skin's colour: there they say that light is cold, and not that it is warm.
    """
    yellows = [_hues(light)[0] for light in skin]
    if max(yellows) < _SKIN_YELLOW[0] or min(yellows) > _SKIN_YELLOW[1]:
        return True
    if whites is not None and whites.bluer_than(np.median(skin, axis=0)) >= _OPEN_FROM:
        yellow, green = _hues(whites.light)
        if yellow < _WHITES_YELLOW[0] or not _WHITES_GREEN[0] < green < _WHITES_GREEN[1]:
            return True
        if is_near or whites.lab[0] > _CLEAR_WHITES * lightness:
            return yellow > _WHITES_YELLOW[1]
    if max(yellows) - min(yellows) > _ALIKE:
        return False
    yellow = float(np.median(yellows)) + _PALER * (lightness - _USUAL_LIGHTNESS)
    return not _USUAL_YELLOW[0] < yellow < _USUAL_YELLOW[1]


def _hues(light: Plane) -> tuple[float, float]:
    """How yellow it is, ln(red/blue), and how green, ln(green) above the mean of the two."""
    red, green, blue = np.log(light + _FAINT).tolist()
    return red - blue, green - (red + blue) / 2


def _sharpness(image: Image.Image, frame: Frame, zones: Zones) -> float:
    """How much of the coarse contrast is there finely too, along the way with the least of it.

    Moved in any direction, a photo lacks the fine one along that way. A small or soft one has less of it along all
    ways alike: hence what there is along the best way counts too. Skin's lightness cancels out.
    """
    oval = zones.half_oval
    left, top, right, bottom = part = _box_of(oval, around=_COARSE_PX)
    lightness, mask = frame.half(image, part), oval[top:bottom, left:right]
    fine, coarse = (_Waves(lightness, mask, step) for step in (_FINE_PX, _COARSE_PX))
    shares = [fine.contrast(way) / max(coarse.contrast(way), _FAINT) for way in range(_WAYS)]
    return min(shares) / math.pow(max(*shares, _FAINT), _BEST_WAY_COUNTS)


class _Waves:
    """By how much places in the mask differ from the mean of what lies so many pixels to both sides of them."""

    def __init__(self, lightness: Plane, mask: Mask, step_px: int) -> None:
        self._step_px, self._across = step_px, lightness.shape[1]
        self._lightness = lightness.ravel()
        chosen = np.zeros_like(mask)
        inner = slice(step_px, -step_px, _EACH_PX)
        chosen[inner, inner] = mask[inner, inner]
        self._places = np.flatnonzero(chosen)
        self._middle = self._lightness[self._places]

    def contrast(self, way: int) -> float:
        """Along one of the eight ways."""
        if not self._places.size:
            return 0.0
        angle = way * math.pi / _WAYS
        x, y = round(self._step_px * math.cos(angle)), round(self._step_px * math.sin(angle))
        far = y * self._across + x
        beside = self._lightness[self._places + far] + self._lightness[self._places - far]
        return float((self._middle - beside / 2).std())


@cache
def _around_eyes() -> Part:
    """The part of any straight face that holds the eyes."""
    return _box_of(eyes_mask(), around=0)


def _box_of(mask: Mask, *, around: int) -> Part:
    """What holds the mask and so much more, as far as the picture goes; all of it where the mask is empty."""
    rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
    height, width = mask.shape
    if not rows.size:
        return 0, 0, width, height
    left, top = max(0, int(columns[0]) - around), max(0, int(rows[0]) - around)
    return left, top, min(width, int(columns[-1]) + 1 + around), min(height, int(rows[-1]) + 1 + around)
