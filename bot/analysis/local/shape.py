"""A face's outlines for the drawings, and which of its skin counts as red, whichever analyzer measured it."""

import math
from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis.local.covering import covering_in
from bot.analysis.local.faces import Face, find_faces, looked_over, settled
from bot.analysis.local.frame import APART_PX, MIDDLE, Frame
from bot.analysis.local.planes import Mask, Plane, blurred_within
from bot.analysis.local.redness import above_usual
from bot.analysis.local.skin import skin_of
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE, Zones
from bot.imaging.pictures.face import FaceShape, Outline, Tint
from bot.imaging.pictures.upright import cut, wanted, within
from bot.skin.analysis import Box, SkinZone

_SMOOTH_PX: Final = 4
_LEAST_TINT: Final = 60  # of 255, where skin just counts as red
_PANE_PX: Final = 640
_NEAR: Final = 1.0  # sides of the told face's square that a found one's middle may be off


def face_near(image: Image.Image, box: Box | None, scale: float) -> Face | None:
    """The face that an analyzer measured; `box` is its square, `scale` pixels of the picture to one of the box's."""
    found = [face for face in find_faces(image) if face.is_sure]
    if box is not None:
        x, y = (side * scale for side in box.centre)
        reach = _NEAR * max(box.width, box.height) * scale
        found = [face for face in found if math.dist(face.landmarks.middle, (x, y)) <= reach]
        found.sort(key=lambda face: math.dist(face.landmarks.middle, (x, y)))
    return settled(image, settled(image, found[0])) if found else None


def shape_of(face: Face) -> FaceShape:
    zones = Zones(face.landmarks, Frame(eyes=face.eyes))
    return FaceShape(
        eyes=(face.eyes.left, face.eyes.right),
        oval=_level(zones.oval_outline),
        zones={zone: _level(zones.outline(zone)) for zone in SkinZone},
    )


def aligned_shape(image: Image.Image, face: Face) -> FaceShape:
    """As `shape_of`, with the eyes where they are seen in the very picture that will be laid on another.

    One look at a photo puts an eye up to some hundredths of a face beside its place: many looks, from where all faces
    are equally large and upright, put it within a pixel or two of 640.
    """
    shape = shape_of(looked_over(image, face))
    window = within(wanted(shape), shape, image.size)
    level = cut(image, shape, window, (_PANE_PX, round(_PANE_PX * window.height / window.width)))
    found = [each for each in find_faces(level) if each.is_sure]
    if not found:
        return shape
    eyes, unit = looked_over(level, found[0]).eyes, window.width / _PANE_PX
    left, right = (shape.back(window.left + x * unit, window.top + y * unit) for x, y in (eyes.left, eyes.right))
    return replace(shape, eyes=(left, right))


def _level(points: list[tuple[float, float]]) -> Outline:
    return tuple(((x - MIDDLE[0]) / APART_PX, (y - MIDDLE[1]) / APART_PX) for x, y in points)


def tint_of(image: Image.Image, face: Face, share: float) -> Tint | None:
    """The reddest skin of visible cheeks and T-zone, as much of it as was told: `share`, 0..1.

    None where neither is visible. Lips, nostrils and eyes belong to no zone.
    """
    frame = Frame(eyes=face.eyes)
    zones = Zones(face.landmarks, frame)
    skin = skin_of(frame.straight(image), zones, covering_in(image, face))
    where = skin.within(CHEEKS_AND_T_ZONE)
    if not where.any():
        return None
    red = np.asarray(blurred_within(above_usual(skin, where), where, _SMOOTH_PX))
    return Tint(strength=Image.fromarray(_tinted(red, where, share)))


def _tinted(red: Plane, where: Mask, share: float) -> np.ndarray:
    values = np.sort(red[where])
    count = round(min(1.0, max(0.0, share)) * values.size)
    strength = np.zeros(red.shape, dtype=np.uint8)
    if not count:
        return strength
    threshold = float(values[values.size - count])
    counts = where & (red >= threshold)
    reach = max(float(np.percentile(values[values.size - count :], 95)) - threshold, 1e-3)
    part = np.clip((red[counts] - threshold) / reach, 0, 1)
    strength[counts] = (_LEAST_TINT + (255 - _LEAST_TINT) * part).astype(np.uint8)
    return strength
