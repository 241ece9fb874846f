"""A face's outlines for the drawings, and which of its skin counts as red, whichever analyzer measured it."""

import math
from dataclasses import replace
from typing import Final

import numpy as np
from PIL import Image

from bot.analysis.local.covering import covering_in
from bot.analysis.local.eyes import Eyes
from bot.analysis.local.faces import Face, find_faces, found_again, looked_over, settled
from bot.analysis.local.frame import APART_PX, MIDDLE, Frame
from bot.analysis.local.planes import Mask, Plane, blurred_within
from bot.analysis.local.redness import above_usual
from bot.analysis.local.skin import skin_of
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE, Zones, beside_glasses
from bot.imaging.canvas import Canvas
from bot.imaging.intake.clean_photo import SeenFace
from bot.imaging.pictures.face import FaceShape, Outline, Tint
from bot.imaging.pictures.upright import cut, wanted, within
from bot.skin.analysis import Box, SkinZone

_SMOOTH_PX: Final = 4
_LEAST_TINT: Final = 60  # of 255, where skin just counts as red
_PANE_PX: Final = 640
_LEVEL_ENOUGH: Final = math.radians(2)  # to turn a picture costs three times what it costs to write it
_SPARE: Final = 0.1  # eye distances: a second look puts a face a little elsewhere
_NEAR: Final = 1.0  # sides of the told face's square that a found one's middle may be off


def is_at(box: Box | None, seen: SeenFace) -> bool:
    """Whether that may be the face that an analyzer measured; `box` is its square."""
    return box is None or math.dist(seen.middle, box.centre) <= _NEAR * max(box.width, box.height)


def face_seen(canvas: Canvas, seen: SeenFace) -> Face | None:
    """The face that the first look saw there; None where there is none any more."""
    face = found_again(canvas, seen)
    return face if face.is_sure else None


def surroundings_of(face: Face, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """What a card shows of a picture of that size, and a little more: left, top, right, bottom."""
    shape = card_shape(face)
    window = within(wanted(shape), shape, size)
    xs, ys = zip(
        *(shape.back(x, y) for x in (window.left, window.right) for y in (window.top, window.bottom)), strict=True
    )
    spare = _SPARE * shape.apart
    left, top = max(0, math.floor(min(xs) - spare)), max(0, math.floor(min(ys) - spare))
    return left, top, min(size[0], math.ceil(max(xs) + spare)), min(size[1], math.ceil(max(ys) + spare))


def face_near(image: Image.Image, box: Box | None, scale: float) -> Face | None:
    """The face that an analyzer measured; `box` is its square, `scale` pixels of the picture to one of the box's."""
    found = [face for face in find_faces(image) if face.is_sure]
    if box is not None:
        x, y = (side * scale for side in box.centre)
        reach = _NEAR * max(box.width, box.height) * scale
        found = [face for face in found if math.dist(face.landmarks.middle, (x, y)) <= reach]
        found.sort(key=lambda face: math.dist(face.landmarks.middle, (x, y)))
    return settled(image, settled(image, found[0])) if found else None


def shape_of(face: Face, eyes: Eyes | None = None) -> FaceShape:
    """`eyes`: those that it is laid straight by, if not its own."""
    eyes = eyes or face.eyes
    zones = Zones(face.landmarks, Frame(eyes=eyes))
    return FaceShape(
        eyes=(eyes.left, eyes.right),
        oval=_level(zones.oval_outline),
        zones={zone: _level(zones.outline(zone)) for zone in SkinZone},
    )


def card_shape(face: Face) -> FaceShape:
    """As `shape_of`; a face that is hardly tilted is left so."""
    return shape_of(face, _levelled(face.eyes))


def _levelled(eyes: Eyes) -> Eyes:
    """Level, where nobody would see that they are not."""
    if abs(eyes.roll) > _LEVEL_ENOUGH:
        return eyes
    (x, y), half = eyes.middle, eyes.apart / 2
    return Eyes(left=(x - half, y), right=(x + half, y))


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

    None where neither is visible. Lips, nostrils and eyes belong to no zone, and where glasses sit nothing counts.
    """
    frame = Frame(eyes=_levelled(face.eyes))
    zones = Zones(face.landmarks, frame)
    skin = skin_of(frame.straight(image), zones, covering_in(image, face))
    where = skin.within(CHEEKS_AND_T_ZONE)
    if not where.any():
        return None
    red = np.asarray(blurred_within(above_usual(skin, where), where, _SMOOTH_PX) * beside_glasses())
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
