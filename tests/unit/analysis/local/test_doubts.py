"""Why a photo may read badly, on drawn faces whose every spoiling is known."""

import io
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bot.analysis.local.doubts import doubts_about
from bot.analysis.local.faces import Face, counted_faces, find_faces
from bot.analysis.local.measure import measured
from bot.skin.analysis import MarkKind
from bot.skin.photo import PhotoIssue
from tests.pictures import drawn_face

LIGHT, BROWN, DEEP = (208, 164, 140), (150, 108, 84), (108, 76, 60)
SKINS = (LIGHT, BROWN, DEEP)
APART_PX = 180  # between the drawn eyes
CHEEKS = ((290, 490), (510, 490))


def only_face(image: Image.Image) -> Face:
    (face,) = counted_faces(find_faces(image))
    return face


def doubts(image: Image.Image) -> set[PhotoIssue]:
    return set(doubts_about(image, only_face(image), scale=1))


def moved(image: Image.Image, *, length_px: float, degrees: float) -> Image.Image:
    """As a hand that shakes in one direction blurs it: the mean of all places on the way."""
    pixels = np.asarray(image, dtype=np.float64)
    down, across = np.meshgrid(np.fft.fftfreq(image.height), np.fft.rfftfreq(image.width), indexing="ij")
    way = np.sinc((across * math.cos(math.radians(degrees)) + down * math.sin(math.radians(degrees))) * length_px)
    bands = [np.fft.irfft2(np.fft.rfft2(pixels[..., band]) * way, s=pixels.shape[:2]) for band in range(3)]
    return Image.fromarray(np.clip(np.stack(bands, axis=-1), 0, 255).astype(np.uint8))


def lit(image: Image.Image, gain: Callable[[int], np.ndarray]) -> Image.Image:
    """`gain`: of linear light, for a picture of that width: of each column, or of each band of all of them."""
    linear = (np.asarray(image, dtype=np.float64) / 255) ** 2.2 * gain(image.width)
    return Image.fromarray((np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8))


def from_a_side(image: Image.Image, contrast: float) -> Image.Image:
    """The cheeks' middles get 1 - contrast and 1 + contrast of the light; beyond them it stays so."""

    def gain(width: int) -> np.ndarray:
        across = np.clip((np.arange(width) - width / 2) / 110, -1, 1)
        return (1 + contrast * across)[np.newaxis, :, np.newaxis]

    return lit(image, gain)


def under_a_lamp(image: Image.Image, lamp: tuple[float, float, float]) -> Image.Image:
    return lit(image, lambda _: 0.65 * np.array(lamp))


def with_eyes_shut(image: Image.Image, skin: tuple[int, int, int]) -> Image.Image:
    shut = image.copy()
    draw = ImageDraw.Draw(shut)
    for eye in (310, 490):
        draw.ellipse((eye - 54, 338, eye + 54, 404), fill=tuple(value * 8 // 10 for value in skin))
        draw.line((eye - 46, 384, eye, 396, eye + 46, 384), fill=(40, 28, 24), width=6)
    return shut


def with_white_cheeks(image: Image.Image, *, radius: int, white: tuple[int, int, int] = (255, 254, 252)) -> Image.Image:
    burnt = image.copy()
    for x, y in CHEEKS:
        ImageDraw.Draw(burnt).ellipse((x - radius, y - radius, x + radius, y + radius), fill=white)
    return burnt


@pytest.mark.parametrize("skin", SKINS)
def test_face_in_even_light_raises_no_doubt(skin: tuple[int, int, int]) -> None:
    """Light, brown and deep skin alike."""
    assert doubts(drawn_face(skin=skin)) == set()


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("degrees", [0, 22, 45, 67, 90, 112, 135, 157])
def test_moved_photo_is_blurred_in_whatever_direction(skin: tuple[int, int, int], degrees: int) -> None:
    """A tenth of the eyes' distance, however the hand shook; across it everything is as sharp as before."""
    assert PhotoIssue.BLURRED in doubts(moved(drawn_face(skin=skin), length_px=0.1 * APART_PX, degrees=degrees))


@pytest.mark.parametrize("degrees", [0, 45, 90, 135])
def test_small_photo_that_moved_is_blurred_too(degrees: int) -> None:
    """45 px between the eyes: as it is there is little fine detail in it, and no doubt; moved there is less."""
    small = drawn_face().resize((200, 200), Image.Resampling.LANCZOS)
    assert PhotoIssue.BLURRED not in doubts(small)
    assert PhotoIssue.BLURRED in doubts(moved(small, length_px=0.1 * APART_PX / 4, degrees=degrees))


def test_soft_photo_that_held_still_is_no_blur() -> None:
    """A cheap lens takes fine detail away in all directions alike; out of focus, it takes more of it."""
    face = drawn_face()
    assert PhotoIssue.BLURRED not in doubts(face.filter(ImageFilter.GaussianBlur(0.01 * APART_PX)))
    assert PhotoIssue.BLURRED in doubts(face.filter(ImageFilter.GaussianBlur(0.04 * APART_PX)))


@pytest.mark.parametrize("side", [400, 1600])
def test_size_of_the_photo_is_no_blur(side: int) -> None:
    """Detail is measured against the eyes' distance, not by the pixel."""
    assert PhotoIssue.BLURRED not in doubts(drawn_face().resize((side, side), Image.Resampling.LANCZOS))


@pytest.mark.parametrize("skin", SKINS)
def test_dark_photo_is_told_on_any_skin(skin: tuple[int, int, int]) -> None:
    """Three stops less light leave no skin above L* 30."""
    assert doubts(lit(drawn_face(skin=skin), lambda _: np.array(1 / 8))) == {PhotoIssue.TOO_DARK}


def test_deep_skin_beside_well_lit_whites_is_no_dark_photo() -> None:
    """Skin of L* 26 in good light: it is the skin that is dark, not the photo."""
    deep = drawn_face(skin=(84, 58, 46))
    assert PhotoIssue.TOO_DARK not in doubts(deep)
    assert PhotoIssue.TOO_DARK in doubts(lit(deep, lambda _: np.array(0.3)))


def test_cheeks_that_are_burnt_out_over_a_quarter_are_told() -> None:
    """A small shine is none."""
    assert PhotoIssue.TOO_BRIGHT in doubts(with_white_cheeks(drawn_face(), radius=45))
    assert PhotoIssue.TOO_BRIGHT not in doubts(with_white_cheeks(drawn_face(), radius=12))


def test_what_a_jpeg_makes_of_burnt_cheeks_is_burnt_too() -> None:
    """On brown skin red alone burns out, over a quarter of them; a small JPEG pulls some of it below what burns."""
    small = {
        radius: with_white_cheeks(drawn_face(skin=BROWN), radius=radius, white=(255, 196, 160)).resize(
            (400, 400), Image.Resampling.LANCZOS
        )
        for radius in (30, 39)
    }
    assert PhotoIssue.TOO_BRIGHT in doubts(saved(small[39]))
    assert PhotoIssue.TOO_BRIGHT not in doubts(saved(small[30]))


def saved(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=90)
    with Image.open(buffer) as opened:
        return opened.convert("RGB")


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("side", [-1, 1])
def test_light_from_a_side_is_told_alike_on_any_skin(skin: tuple[int, int, int], side: int) -> None:
    """From a contrast of 15 per cent on; a cheek that has less than a quarter of the other's light is in shadow.

    A third is how portraits are lit, and both cheeks are read in it. In the shadow on deep skin all is dark.
    """
    face = drawn_face(skin=skin)
    told = [doubts(from_a_side(face, side * contrast)) & SIDES for contrast in (0.06, 0.2, 0.48)]
    assert told == [set(), {PhotoIssue.SIDE_LIGHT}, {PhotoIssue.SIDE_LIGHT}]
    dark = {PhotoIssue.TOO_DARK} if skin is DEEP else SIDES
    assert doubts(from_a_side(face, side * 0.7)) & (SIDES | dark) == dark


SIDES = {PhotoIssue.SIDE_LIGHT, PhotoIssue.HALF_IN_SHADOW}


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("lamp", [(1.25, 1, 0.55), (0.6, 0.9, 1.5)], ids=["tungsten", "blue"])
def test_lamp_that_colours_everything_is_told(skin: tuple[int, int, int], lamp: tuple[float, float, float]) -> None:
    """By the whites of the eyes, whatever the skin."""
    assert PhotoIssue.TINTED_LIGHT in doubts(under_a_lamp(drawn_face(skin=skin), lamp))
    assert PhotoIssue.TINTED_LIGHT not in doubts(under_a_lamp(drawn_face(skin=skin), (1.04, 1, 0.96)))


@pytest.mark.parametrize("skin", [LIGHT, (176, 128, 100)], ids=["light", "tan"])
@pytest.mark.parametrize("lamp", [(1.25, 1, 0.55), (0.6, 0.9, 1.5)], ids=["tungsten", "blue"])
def test_lamp_is_told_by_the_skin_where_the_eyes_are_shut(
    skin: tuple[int, int, int], lamp: tuple[float, float, float]
) -> None:
    """Skin so light is not so yellow, or so blue."""
    shut = with_eyes_shut(drawn_face(skin=skin), skin)
    assert PhotoIssue.TINTED_LIGHT in doubts(lit(shut, lambda _: np.array(lamp)))


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("light", [0.8, 1, 1.2])
def test_pigment_is_no_lamp_where_the_eyes_are_shut(skin: tuple[int, int, int], light: float) -> None:
    """It darkens and yellows, and so much more or less light changes nothing."""
    shut = with_eyes_shut(drawn_face(skin=skin), skin)
    assert PhotoIssue.TINTED_LIGHT not in doubts(lit(shut, lambda _: np.array(light)))


def test_clear_whites_of_the_eyes_say_more_of_the_lamp_than_golden_skin() -> None:
    """So yellow as a lamp would make most skin; with shut eyes nothing says that it is none."""
    golden = (212, 152, 84)
    assert PhotoIssue.TINTED_LIGHT not in doubts(drawn_face(skin=golden))
    assert PhotoIssue.TINTED_LIGHT in doubts(with_eyes_shut(drawn_face(skin=golden), golden))


def test_blue_mask_is_no_blue_light() -> None:
    """What is covered says nothing of the lamp."""
    masked = drawn_face()
    ImageDraw.Draw(masked).polygon([(230, 440), (570, 440), (550, 690), (250, 690)], fill=(92, 148, 210))
    assert PhotoIssue.TINTED_LIGHT not in set(doubts_about(masked, only_face(drawn_face()), scale=1))


def test_face_beyond_the_edge_is_told() -> None:
    """A cheek that is not in the photo can't be read."""
    whole = drawn_face()
    assert PhotoIssue.FACE_CUT_OFF in doubts(whole.crop((265, 0, 800, 800)))
    assert PhotoIssue.FACE_CUT_OFF not in doubts(whole.crop((190, 100, 610, 740)))


@pytest.mark.parametrize(("degrees", "told"), [(24, False), (30, True), (-30, True)])
def test_turned_head_is_told_before_a_cheek_is_hidden(*, degrees: float, told: bool) -> None:
    """As the mesh sees it; to either side."""
    image = drawn_face()
    face = only_face(image)
    places = face.landmarks.places.copy()
    places[:, 2] = (places[:, 0] - 400) * math.tan(math.radians(degrees))
    turned = replace(face, landmarks=replace(face.landmarks, places=places))
    assert (PhotoIssue.TURNED_AWAY in set(doubts_about(image, turned, scale=1))) is told


@pytest.mark.parametrize(
    ("mesh", "detector", "people"), [(0.79, 0.69, 1), (0.95, 0.69, 2), (0.79, 0.8, 2)], ids=["logo", "mesh", "detector"]
)
def test_second_person_has_to_be_surer_than_a_logo(mesh: float, detector: float, people: int) -> None:
    """However large the other thing is: one of the two networks has to be sure of it."""
    face = only_face(drawn_face())
    aside = replace(
        face.landmarks,
        places=np.float32(1.2) * np.add(face.landmarks.places, (500, 0, 0), dtype=np.float32),
        score=mesh,
    )
    assert len(counted_faces([Face(landmarks=aside, score=detector), face])) == people
    assert counted_faces([Face(landmarks=aside, score=detector)]) != []


def marks_of(image: Image.Image) -> tuple[bool, bool]:
    """Whether spots and redness were measured."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95)
    analysis = measured(buffer.getvalue()).analysis
    return MarkKind.DARK_SPOTS in analysis.marks, analysis.redness is not None


def test_light_that_invents_is_not_measured_in() -> None:
    """In the dark no spots; where the cheeks are half burnt out no redness either. Absent, not none."""
    face = drawn_face()
    assert marks_of(face) == (True, True)
    assert marks_of(lit(face, lambda _: np.array(1 / 8))) == (False, True)
    assert marks_of(with_white_cheeks(face, radius=45)) == (False, False)
