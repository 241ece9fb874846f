"""How red the reddest part and the nose are, and the skin under the eyes: on drawn faces, on light and on dark skin."""

import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.analysis import Answer
from bot.analysis.local.faces import find_faces, settled
from bot.analysis.local.frame import Frame
from bot.analysis.local.measure import measured
from bot.analysis.local.redness import above_usual
from bot.analysis.local.skin import skin_of
from bot.analysis.local.zones import Zones
from bot.skin.analysis import Redness, SkinZone, UnderEyes
from tests.pictures import drawn_face

LIGHT, DARK = (224, 190, 172), (110, 75, 57)
SKINS = (LIGHT, DARK)
CHEEKS = ((500, 490), (300, 490))
NOSE = (400, 470)
UNDER_EYES = ((310, 428), (490, 428))
Shape = tuple[int, int, int, int]


def answer_of(image: Image.Image) -> Answer:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return measured(buffer.getvalue())


def redness_of(image: Image.Image) -> Redness:
    redness = answer_of(image).analysis.redness
    assert redness is not None
    return redness


def under_eyes_of(image: Image.Image) -> UnderEyes:
    under = answer_of(image).analysis.under_eyes
    assert under is not None
    return under


def tinted(face: Image.Image, where: Sequence[Shape], gains: tuple[float, float, float]) -> Image.Image:
    """Ellipses of it with each channel times its gain, with soft edges: the same pigment on any skin."""
    mask = Image.new("L", face.size)
    for x, y, half_width, half_height in where:
        ImageDraw.Draw(mask).ellipse((x - half_width, y - half_height, x + half_width, y + half_height), fill=255)
    paint = face.point([min(255, round(value * gain)) for gain in gains for value in range(256)])
    return Image.composite(paint, face, mask.filter(ImageFilter.GaussianBlur(6)))


def blushing(skin: tuple[int, int, int]) -> Image.Image:
    return tinted(drawn_face(skin=skin), [(*cheek, 45, 45) for cheek in CHEEKS], (1.04, 0.88, 0.92))


def furrowed(lines: int) -> Image.Image:
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    for x, y in UNDER_EYES:
        for line in range(lines):
            draw.line((x - 40, y - 8 + 16 * line, x + 40, y - 8 + 16 * line), fill=(182, 140, 118), width=4)
    return face.filter(ImageFilter.GaussianBlur(1.5))


@pytest.mark.parametrize("skin", SKINS)
def test_the_reddest_twentieth_takes_up_a_blush(skin: tuple[int, int, int]) -> None:
    """By several shades, on any skin; and no strength of redness is measured any more."""
    calm, red = redness_of(drawn_face(skin=skin)), redness_of(blushing(skin))

    assert calm.reddest is not None
    assert red.reddest is not None
    assert red.reddest > calm.reddest + 3
    assert red.intensity is None


@pytest.mark.parametrize("skin", SKINS)
def test_the_middle_of_a_deep_blush_is_skin_too(skin: tuple[int, int, int]) -> None:
    """Deeper red of the same size covers as much: what is reddest is neither left out nor taken for cloth."""
    cheeks = [(*cheek, 45, 45) for cheek in CHEEKS]
    clear = answer_of(tinted(drawn_face(skin=skin), cheeks, (1.12, 0.9, 0.92))).analysis
    deep = answer_of(tinted(drawn_face(skin=skin), cheeks, (1.12, 0.62, 0.64))).analysis

    assert clear.redness is not None
    assert deep.redness is not None
    areas = clear.redness.area or 0.0, deep.redness.area or 0.0
    assert 0.05 < areas[0] <= areas[1]
    assert deep.not_visible <= clear.not_visible


def test_a_blush_weighs_the_same_on_light_and_dark_skin() -> None:
    light, dark = (redness_of(blushing(skin)).reddest for skin in SKINS)

    assert light is not None
    assert dark == pytest.approx(light, abs=1.5)


def test_a_lamp_that_is_a_little_brighter_makes_no_blush() -> None:
    """As measured on faces: the even light takes it out."""
    face = blushing(LIGHT)
    darker = face.point([round(value * 0.85) for value in range(256)] * 3)

    assert redness_of(darker).reddest == pytest.approx(redness_of(face).reddest, abs=0.8)


@pytest.mark.parametrize("skin", SKINS)
def test_a_red_nose_is_told_from_red_cheeks(skin: tuple[int, int, int]) -> None:
    """What makes the nose redder raises it, what makes the cheeks redder lowers it."""
    calm = redness_of(drawn_face(skin=skin)).nose
    red = redness_of(tinted(drawn_face(skin=skin), [(*NOSE, 48, 62)], (1.04, 0.88, 0.92))).nose
    cheeks = redness_of(blushing(skin)).nose

    assert calm is not None
    assert red is not None
    assert cheeks is not None
    assert red > calm + 3
    assert cheeks < calm - 0.5


def test_lips_nostrils_and_eyes_are_in_no_map_and_no_share() -> None:
    """However red they are."""
    plain = drawn_face()
    painted = plain.copy()
    draw = ImageDraw.Draw(painted)
    draw.ellipse((318, 580, 482, 640), fill=(190, 40, 50))
    places = [(400, 612), (350, 605)]
    for x in (310, 490):
        draw.ellipse((x - 40, 352, x + 40, 394), fill=(200, 60, 60))
        places += [(x, 373), (x - 25, 373)]
    for x in (377, 423):
        draw.ellipse((x - 12, 512, x + 12, 530), fill=(180, 50, 50))
        places.append((x, 522))
    answer = answer_of(painted)

    assert answer.red_map is not None
    with Image.open(io.BytesIO(answer.red_map)) as red_map:
        shown = red_map.convert("RGB")
    assert [min(shown.getpixel(place)) > 235 for place in places] == [True] * len(places)  # type: ignore[arg-type] # RGB gives three
    assert redness_of(painted).area == pytest.approx(redness_of(plain).area, abs=0.005)


def test_bluish_skin_under_the_eyes_stands_off_from_the_cheeks() -> None:
    """Whichever way it is coloured: bluish or brownish."""
    shapes = [(*place, 45, 18) for place in UNDER_EYES]
    plain = under_eyes_of(drawn_face()).colour
    bluish = under_eyes_of(tinted(drawn_face(), shapes, (0.93, 0.92, 1.08))).colour
    brownish = under_eyes_of(tinted(drawn_face(), shapes, (1.0, 0.94, 0.8))).colour

    assert plain is not None
    assert bluish is not None
    assert brownish is not None
    assert bluish > plain + 2
    assert brownish > plain + 2


def test_more_furrows_under_the_eyes_are_a_larger_share() -> None:
    shares = [under_eyes_of(furrowed(lines)).lines for lines in (0, 1, 3)]

    assert None not in shares
    assert shares == sorted(shares, key=lambda share: share or 0)
    assert (shares[2] or 0) > (shares[0] or 0) + 0.03


def test_a_small_face_has_no_lines() -> None:
    """Absent, not none: furrows melt into the skin around them. Its colour is read as ever."""
    picture = Image.new("RGB", (600, 600), (196, 202, 208))
    picture.paste(furrowed(3).resize((240, 240)), (180, 180))
    under = under_eyes_of(picture)

    assert under.lines is None
    assert under.colour is not None


def test_a_covered_cheek_leaves_nose_and_under_eyes_untold() -> None:
    """There is nothing to set them beside."""
    face = drawn_face()
    ImageDraw.Draw(face).rectangle((420, 425, 620, 700), fill=(40, 90, 160))
    analysis = answer_of(face).analysis

    assert SkinZone.RIGHT_CHEEK in analysis.not_visible
    assert analysis.redness is not None
    assert analysis.redness.nose is None
    assert analysis.under_eyes is None or analysis.under_eyes.colour is None


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("gains", [(1.04, 0.82, 0.86), (0.7, 0.7, 0.7)], ids=["red", "shaded"])
def test_what_glasses_would_hide_or_shade_is_in_no_share(
    skin: tuple[int, int, int], gains: tuple[float, float, float]
) -> None:
    """Red or shaded around the eyes: a blush elsewhere covers as much as ever, on any skin."""
    blush = tinted(
        drawn_face(skin=skin), [(400, 250, 70, 35), (300, 520, 40, 30), (500, 520, 40, 30)], (1.04, 0.88, 0.92)
    )
    around_eyes = [(310, 400, 65, 22), (490, 400, 65, 22), (400, 390, 30, 40)]
    plain, changed = redness_of(blush), redness_of(tinted(blush, around_eyes, gains))

    assert plain.area is not None
    assert plain.area > 0.05
    assert changed.area == pytest.approx(plain.area, abs=0.01)


@pytest.mark.parametrize("skin", SKINS)
def test_a_blush_in_shadow_is_as_red_as_one_in_the_light(skin: tuple[int, int, int]) -> None:
    """Each place counts as if it were lit as all are: with a third of the light, a cheek lacks no redness."""
    face = blushing(skin)
    shade = Image.linear_gradient("L").rotate(90).resize(face.size).point(lambda value: 255 - round(value * 0.7))
    image = ImageChops.multiply(face, Image.merge("RGB", (shade,) * 3))
    found = settled(image, find_faces(image)[0])
    frame = Frame(eyes=found.eyes)
    seen = skin_of(frame.straight(image), Zones(found.landmarks, frame))
    cheeks = [seen.within(frozenset({zone})) for zone in (SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK)]
    above = above_usual(seen, cheeks[0] | cheeks[1])
    left, right = (float(np.percentile(above[cheek], 95)) for cheek in cheeks)

    assert left > 6
    assert right == pytest.approx(left, abs=1.5)
