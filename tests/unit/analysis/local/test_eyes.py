"""The whites of the eyes: what colour they have in a photo's light."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from bot.analysis.local.colour import light_of
from bot.analysis.local.eyes import Whites, whites_of
from bot.analysis.local.faces import find_faces, settled
from bot.analysis.local.frame import Frame
from bot.analysis.local.planes import Plane
from bot.analysis.local.zones import SEEDS, Zones
from tests.pictures import drawn_face, lit

LAMPS = ((1.0, 1.0, 1.0), (1.25, 1.0, 0.55), (0.6, 0.9, 1.0))


def looked(image: Image.Image) -> tuple[Whites | None, Plane]:
    """The whites of a face's eyes, and the middle colour of its nose and cheeks."""
    face = settled(image, find_faces(image)[0])
    frame = Frame(eyes=face.eyes)
    zones, pixels = Zones(face.landmarks, frame), frame.straight(image)
    return whites_of(pixels, zones.eyes), np.median(light_of(pixels[zones.masks(SEEDS)]), axis=0)


@pytest.mark.parametrize("skin", [(208, 164, 140), (90, 60, 45)])
def test_whites_are_what_was_painted(skin: tuple[int, int, int]) -> None:
    """Neither iris, lid nor lashes: a light grey, and far bluer than the skin around."""
    whites, around = looked(drawn_face(skin=skin))
    assert whites is not None
    lightness, a, b = whites.lab
    assert lightness > 80
    assert a == pytest.approx(2, abs=3)
    assert b == pytest.approx(3, abs=4)
    assert whites.bluer_than(around) > 0.4


def test_a_part_of_the_face_shows_the_same_whites() -> None:
    """A first look cuts no more than the eyes out of a photo; where it cuts too much off, there are none."""
    image = drawn_face()
    face = settled(image, find_faces(image)[0])
    frame = Frame(eyes=face.eyes)
    zones, pixels = Zones(face.landmarks, frame), frame.straight(image)
    whole = whites_of(pixels, zones.eyes)
    corner = np.array((90, 180), dtype=np.float32)
    part = whites_of(pixels[180:260, 90:360], [eye - corner for eye in zones.eyes])
    assert whole is not None
    assert part is not None
    assert part.light == pytest.approx(whole.light)
    assert whites_of(pixels[:190], zones.eyes) is None


@pytest.mark.parametrize("lamp", LAMPS)
def test_whites_take_the_lamp_and_their_difference_to_the_skin_does_not(lamp: tuple[float, float, float]) -> None:
    """That is what makes them a measure of the light."""
    plain, skin = looked(lit(drawn_face(), (0.7, 0.7, 0.7)))
    whites, lit_skin = looked(lit(drawn_face(), (0.7 * lamp[0], 0.7 * lamp[1], 0.7 * lamp[2])))
    assert plain is not None
    assert whites is not None
    assert whites.light / plain.light == pytest.approx(np.array(lamp), rel=0.06)
    assert whites.bluer_than(lit_skin) == pytest.approx(plain.bluer_than(skin), abs=0.06)


def test_closed_eyes_have_no_whites() -> None:
    """What is seen between the lines of the lids is skin."""
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    for eye in (310, 490):
        draw.ellipse((eye - 46, 346, eye + 46, 398), fill=(208, 164, 140))
        draw.line((eye - 46, 372, eye, 380, eye + 46, 372), fill=(40, 28, 24), width=6)
    whites, skin = looked(face)
    assert whites is None or whites.bluer_than(skin) < 0.15
