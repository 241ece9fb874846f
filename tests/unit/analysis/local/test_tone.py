"""The colour of the cheeks, on drawn faces under known lamps: what moves the angles, and when there are none."""

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.analysis.local.faces import find_faces, settled
from bot.analysis.local.frame import Frame
from bot.analysis.local.measure import measured
from bot.analysis.local.skin import skin_of
from bot.analysis.local.tone import cheeks_of
from bot.analysis.local.zones import Zones
from bot.skin.analysis import Analysis, SkinZone, ToneLight
from tests.pictures import drawn_face, lit

SKINS = ((208, 164, 140), (124, 86, 66))
DIM = 0.7  # so that no lamp clips the drawn whites


def analysis_of(image: Image.Image) -> Analysis:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return measured(buffer.getvalue()).analysis


def angles_of(image: Image.Image) -> tuple[float, float]:
    """ITA and hue angle, degrees."""
    analysis = analysis_of(image)
    assert analysis.ita is not None
    assert analysis.hue is not None
    assert analysis.ita.degrees is not None
    assert analysis.hue.degrees is not None
    return analysis.ita.degrees, analysis.hue.degrees


def with_closed_eyes(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:
    draw = ImageDraw.Draw(face)
    for eye in (310, 490):
        draw.ellipse((eye - 46, 346, eye + 46, 398), fill=skin)
        draw.line((eye - 46, 372, eye, 380, eye + 46, 372), fill=(40, 28, 24), width=6)
    return face


def shining(face: Image.Image, *places: tuple[int, int, int, int]) -> Image.Image:
    light = Image.new("L", face.size)
    for place in places:
        ImageDraw.Draw(light).ellipse(place, fill=200)
    face.paste((255, 250, 244), mask=light.filter(ImageFilter.GaussianBlur(12)))
    return face


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("lamp", [(1.08, 1.0, 0.92), (0.92, 1.0, 1.08)])
def test_a_slightly_coloured_lamp_hardly_moves_the_angles(
    skin: tuple[int, int, int], lamp: tuple[float, float, float]
) -> None:
    """The whites of the eyes take it as the cheeks do; without them ITA moves by 4° and more."""
    as_drawn = lit(drawn_face(skin=skin), (DIM, DIM, DIM))
    ita, hue = angles_of(as_drawn)
    lit_ita, lit_hue = angles_of(lit(as_drawn, lamp))
    assert lit_ita == pytest.approx(ita, abs=2)
    assert lit_hue == pytest.approx(hue, abs=3)
    assert analysis_of(as_drawn).tone_light is ToneLight.EYES


def test_strong_lamps_are_half_allowed_for_in_the_hue() -> None:
    """Whites differ from person to person too: so no more than half."""
    moved = []
    for drawn in (drawn_face(), with_closed_eyes(drawn_face(), SKINS[0])):
        face = lit(drawn, (DIM, DIM, DIM))
        moved.append(abs(angles_of(lit(face, (0.9, 1.0, 1.2)))[1] - angles_of(face)[1]))
    open_eyes, closed_eyes = moved
    assert closed_eyes > 8
    assert 0.3 * closed_eyes < open_eyes < 0.7 * closed_eyes


def test_closed_eyes_allow_for_no_lamp() -> None:
    """Lids are skin: what is told is told as photographed."""
    analysis = analysis_of(with_closed_eyes(drawn_face(), SKINS[0]))
    assert analysis.ita is not None
    assert analysis.tone_light is ToneLight.PHOTO


@pytest.mark.parametrize("skin", SKINS)
def test_a_shining_forehead_and_nose_make_the_skin_no_lighter(skin: tuple[int, int, int]) -> None:
    """The cheeks alone are read."""
    plain = angles_of(drawn_face(skin=skin))
    shiny = angles_of(shining(drawn_face(skin=skin), (300, 200, 500, 300), (385, 400, 415, 500), (370, 650, 430, 700)))
    assert shiny == pytest.approx(plain, abs=1)


def test_a_burnt_patch_on_a_cheek_leaves_the_middle_of_both_where_it_was() -> None:
    """What is burnt out counts as lighter, not as absent: the darker rest is not taken for all of the skin."""
    shaded = drawn_face()
    shade = Image.linear_gradient("L").resize((800, 800)).point(lambda value: value // 4)
    shaded.paste((90, 60, 45), mask=shade)
    plain = angles_of(shaded.copy())
    draw = ImageDraw.Draw(shaded)
    for x in (280, 520):
        draw.ellipse((x - 24, 440, x + 24, 472), fill=(255, 252, 250))
    assert angles_of(shaded) == pytest.approx(plain, abs=2)


def test_burnt_cheeks_have_no_tone() -> None:
    """More than a fifth of them is gone."""
    burnt = drawn_face()
    draw = ImageDraw.Draw(burnt)
    for x in (280, 520):
        draw.ellipse((x - 50, 430, x + 50, 520), fill=(255, 252, 250))
    analysis = analysis_of(burnt)
    assert (analysis.ita, analysis.hue) == (None, None)


@pytest.mark.parametrize("skin", SKINS)
def test_a_dark_photo_has_no_tone(skin: tuple[int, int, int]) -> None:
    """Three stops below, any skin has an L* under 30; it was told as an ITA of -70 degrees."""
    analysis = analysis_of(lit(drawn_face(skin=skin), (0.125, 0.125, 0.125)))
    assert (analysis.ita, analysis.hue) == (None, None)


def test_covered_cheeks_have_no_tone() -> None:
    """It is not read off a forehead instead."""
    image = drawn_face()
    face = settled(image, find_faces(image)[0])
    frame = Frame(eyes=face.eyes)
    pixels, zones = frame.straight(image), Zones(face.landmarks, frame)
    skin = skin_of(pixels, zones)
    cheeks = zones.masks(frozenset({SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK}))
    covered = replace(skin, mask=skin.mask & ~cheeks)
    assert cheeks_of(skin, pixels) is not None
    assert SkinZone.FOREHEAD in covered.visible
    assert cheeks_of(covered, pixels) is None
