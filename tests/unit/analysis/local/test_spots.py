"""Which small places are told as spots: those drawn onto faces, of known size and strength, and nothing else."""

import io
import math
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.analysis.local.measure import measured
from bot.skin.analysis import Analysis, Box, MarkKind
from tests.pictures import drawn_face

LIGHT, MIDDLE, DARK = SKINS = ((224, 190, 172), (208, 164, 140), (90, 60, 45))
PX_PER_MM = 180 / 63  # the drawn eyes are 180 px apart
CHEEKS_FOREHEAD_AND_CHIN = ((285, 470), (515, 470), (268, 530), (532, 530), (345, 250), (455, 250), (400, 690))

Place = tuple[int, int]


def as_jpeg(image: Image.Image, *, quality: int = 95) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def with_spots(face: Image.Image, places: Sequence[Place], *, mm: float, keeps: Sequence[float]) -> Image.Image:
    """Round ones that keep so much of the light in red, green and blue, as pigment or blood does on any skin."""
    where = Image.new("L", face.size)
    radius = mm * PX_PER_MM / 2
    for x, y in places:
        ImageDraw.Draw(where).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    share = np.asarray(where.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float64)[..., None] / 255
    light = (np.asarray(face, dtype=np.float64) / 255) ** 2.2
    drawn = (light * (1 - share + share * np.array(keeps))) ** (1 / 2.2)
    return Image.fromarray(np.rint(drawn * 255).astype(np.uint8))


def pigment(lightness: float) -> tuple[float, float, float]:
    """So many L* darker, of 60."""
    kept = ((76 - lightness) / 76) ** 3
    return kept**0.75, kept**1.02, kept**1.25


def blood(redder: float) -> tuple[float, float, float]:
    """So many a* redder, more or less."""
    kept = 1 - 0.03 * redder
    return 1.0, kept, 1 - 0.6 * (1 - kept)


def holds(box: Box, place: Place) -> bool:
    x, y = place
    return math.dist(box.centre, (x, y)) <= max(6, box.width / 2)


def found(analysis: Analysis, places: Sequence[Place], kind: MarkKind) -> int:
    return sum(any(holds(box, place) for box in analysis.marks[kind]) for place in places)


def strange(analysis: Analysis, places: Sequence[Place]) -> list[Box]:
    """Marks where nothing was drawn."""
    boxes = [box for kind in (MarkKind.DARK_SPOTS, MarkKind.RED_SPOTS) for box in analysis.marks[kind]]
    return [box for box in boxes if not any(holds(box, place) for place in places)]


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("mm", [2, 4, 8])
def test_dark_spots_are_found_on_any_skin_and_nothing_else(skin: tuple[int, int, int], mm: float) -> None:
    """All that are 16 L* darker, one box each, none of them faint."""
    places = CHEEKS_FOREHEAD_AND_CHIN
    analysis = measured(as_jpeg(with_spots(drawn_face(skin=skin), places, mm=mm, keeps=pigment(16)))).analysis

    assert found(analysis, places, MarkKind.DARK_SPOTS) == len(places)
    assert len(analysis.marks[MarkKind.DARK_SPOTS]) == len(places)
    assert not any(box.faint for box in analysis.marks[MarkKind.DARK_SPOTS])
    assert strange(analysis, places) == []
    assert not analysis.freckled


@pytest.mark.parametrize("skin", SKINS)
def test_red_spots_are_found_on_any_skin_and_nothing_else(skin: tuple[int, int, int]) -> None:
    """All that are 12 a* redder, and none of them is called dark."""
    places = CHEEKS_FOREHEAD_AND_CHIN
    analysis = measured(as_jpeg(with_spots(drawn_face(skin=skin), places, mm=5, keeps=blood(12)))).analysis

    assert found(analysis, places, MarkKind.RED_SPOTS) == len(places)
    assert strange(analysis, places) == []
    assert analysis.marks[MarkKind.DARK_SPOTS] == ()


@pytest.mark.parametrize("skin", SKINS)
def test_a_spot_as_dark_as_blood_makes_it_is_a_red_one(skin: tuple[int, int, int]) -> None:
    """More L* darker than a* redder, as an old one is; a mole has hardly any a* more."""
    places = CHEEKS_FOREHEAD_AND_CHIN
    old_blood = tuple(red * dark for red, dark in zip(blood(12), pigment(6), strict=True))
    analysis = measured(as_jpeg(with_spots(drawn_face(skin=skin), places, mm=4, keeps=old_blood))).analysis

    assert found(analysis, places, MarkKind.RED_SPOTS) == len(places)
    assert analysis.marks[MarkKind.DARK_SPOTS] == ()


@pytest.mark.parametrize("seed", [0, 1])
def test_in_restless_skin_what_is_redder_and_darker_is_seen(seed: int) -> None:
    """Neither alone would be clear enough there: without the other two or three of these six are found."""
    places = CHEEKS_FOREHEAD_AND_CHIN[:6]
    blood_and_pigment = tuple(red * dark for red, dark in zip(blood(7), pigment(3), strict=True))
    face = with_spots(drawn_face(skin=LIGHT), places, mm=3, keeps=blood_and_pigment)
    mottled = np.random.default_rng(seed).normal(0, 6, (face.height // 5, face.width // 5, 3)).repeat(5, axis=0)
    pixels = np.clip(np.asarray(face) + mottled.repeat(5, axis=1), 0, 255).astype(np.uint8)
    analysis = measured(as_jpeg(Image.fromarray(pixels))).analysis

    assert found(analysis, places, MarkKind.RED_SPOTS) >= 5
    assert strange(analysis, places) == []


def test_what_is_large_and_at_the_turn_of_a_cheek_is_its_shading() -> None:
    """The same a little farther in is a spot."""
    reds = [
        measured(as_jpeg(with_spots(drawn_face(), [place], mm=8, keeps=blood(14)))).analysis.marks[MarkKind.RED_SPOTS]
        for place in ((224, 470), (285, 470))
    ]
    assert [len(each) for each in reds] == [0, 1]


@pytest.mark.parametrize(("skin", "darker"), [(LIGHT, 9), (MIDDLE, 9), (DARK, 10)])
def test_a_weak_spot_is_marked_and_sends_nobody_to_a_doctor(skin: tuple[int, int, int], darker: float) -> None:
    """Three millimetres. A camera's grain shows more on dark skin, as here; less than 10 is lost in it."""
    places = CHEEKS_FOREHEAD_AND_CHIN[:2]
    analysis = measured(as_jpeg(with_spots(drawn_face(skin=skin), places, mm=3, keeps=pigment(darker)))).analysis

    assert [box.faint for box in analysis.marks[MarkKind.DARK_SPOTS]] == [True, True]


@pytest.mark.parametrize("skin", SKINS)
def test_a_shadow_is_no_spot(skin: tuple[int, int, int]) -> None:
    """As dark as a mole, and soft; nor are nostrils, brows, lashes and the mouth's corners of the plain face."""
    face = drawn_face(skin=skin)
    shade = Image.new("L", face.size)
    for x, y in CHEEKS_FOREHEAD_AND_CHIN:
        ImageDraw.Draw(shade).ellipse((x - 16, y - 16, x + 16, y + 16), fill=110)
    shaded = Image.composite(Image.new("RGB", face.size), face, shade.filter(ImageFilter.GaussianBlur(10)))

    for picture in (face, shaded):
        analysis = measured(as_jpeg(picture)).analysis
        assert (analysis.marks[MarkKind.DARK_SPOTS], analysis.marks[MarkKind.RED_SPOTS]) == ((), ())


def test_a_fold_beside_nose_and_mouth_is_no_spot() -> None:
    """Short, deep and dark, as at the wing of a nose and beyond the corner of a mouth."""
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    for x, y in ((348, 500), (452, 500), (308, 612), (492, 612)):
        draw.ellipse((x - 11, y - 13, x + 11, y + 13), fill=(120, 80, 64))
    assert measured(as_jpeg(face.filter(ImageFilter.GaussianBlur(2)))).analysis.marks[MarkKind.DARK_SPOTS] == ()


def test_stubble_is_no_spot() -> None:
    """Many short dark hairs on a chin."""
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    for number in range(500):
        x, y = 300 + number * 61 % 200, 655 + number * 37 % 60
        draw.line((x, y, x + 2, y + 5), fill=(70, 55, 48), width=2)
    assert measured(as_jpeg(face.filter(ImageFilter.GaussianBlur(0.8)))).analysis.marks[MarkKind.DARK_SPOTS] == ()


@pytest.mark.parametrize("skin", [LIGHT, MIDDLE])
def test_freckles_are_told_as_such_and_a_mole_among_them_is_marked(skin: tuple[int, int, int]) -> None:
    """Many small ones of the same strength are no marks of their own."""
    cheeks = [(side + 22 * across, 440 + 24 * down) for side in (250, 490) for across in range(3) for down in range(5)]
    freckled = with_spots(drawn_face(skin=skin), cheeks, mm=1.8, keeps=pigment(9))
    mole = (400, 250)
    both = with_spots(freckled, [mole], mm=4, keeps=pigment(18))

    analysis = measured(as_jpeg(freckled)).analysis
    assert analysis.freckled
    assert analysis.marks[MarkKind.DARK_SPOTS] == ()
    assert [holds(box, mole) for box in measured(as_jpeg(both)).analysis.marks[MarkKind.DARK_SPOTS]] == [True]


@pytest.mark.parametrize("skin", SKINS)
def test_saving_a_file_again_changes_no_mark(skin: tuple[int, int, int]) -> None:
    """The same photo, decoded and encoded once more."""
    places = CHEEKS_FOREHEAD_AND_CHIN
    once = as_jpeg(with_spots(drawn_face(skin=skin), places, mm=3, keeps=pigment(12)), quality=92)
    with Image.open(io.BytesIO(once)) as image:
        again = as_jpeg(image.convert("RGB"))
    first, second = (measured(jpeg).analysis.marks[MarkKind.DARK_SPOTS] for jpeg in (once, again))

    assert len(first) == len(second) > 0
    assert all(any(math.dist(box.centre, other.centre) < 3 for other in second) for box in first)
