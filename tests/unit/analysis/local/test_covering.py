"""A mask, a hand or a box over a face is noticed before anything is paid, and nothing is told of what is under it."""

import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.analysis.local.measure import measured
from bot.analysis.photo_look import looked_at
from bot.skin.analysis import Analysis, MarkKind, SkinZone
from bot.skin.photo import PhotoIssue
from tests.pictures import drawn_face, masked

SKINS = ((208, 164, 140), (224, 190, 172), (90, 60, 45))
Cover = Callable[[Image.Image, tuple[int, int, int]], Image.Image]


def as_jpeg(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def doubts_about(image: Image.Image) -> frozenset[PhotoIssue]:
    return looked_at(as_jpeg(image), can_see=True).issues


def analysis_of(image: Image.Image) -> Analysis:
    return measured(as_jpeg(image)).analysis


def in_hand(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:
    """Four fingers before nose and mouth, of the face's own colour, with shade between them and the skin's grain."""
    held = face.copy()
    draw = ImageDraw.Draw(held)
    shade = tuple(round(value * 0.88) for value in skin)
    for row in (440, 515, 590, 665):
        draw.rounded_rectangle((190, row, 610, row + 74), 37, fill=skin, outline=shade, width=5)
    return held.filter(ImageFilter.GaussianBlur(2))


def boxed(*place: int, fill: tuple[int, int, int]) -> Cover:
    def drawn(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:  # noqa: ARG001 - a box has its own colour
        shown = face.copy()
        ImageDraw.Draw(shown).rectangle(place, fill=fill)
        return shown

    return drawn


BLACK, WHITE = (0, 0, 0), (255, 255, 255)
BELOW = (190, 430, 610, 740)
ONE_SIDE = (190, 100, 402, 740)


def in_cloth(*cloth: int) -> Cover:
    red, green, blue = cloth
    return lambda face, skin: masked(face, (red, green, blue))  # noqa: ARG005 - cloth has its own colour


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize(
    ("cover", "expected"),
    [
        (in_cloth(150, 190, 215), PhotoIssue.COVERED_BELOW),
        (in_cloth(228, 230, 232), PhotoIssue.COVERED_BELOW),
        (in_cloth(30, 30, 32), PhotoIssue.COVERED_BELOW),
        (in_cloth(222, 190, 165), PhotoIssue.COVERED_BELOW),
        (in_hand, PhotoIssue.COVERED_BELOW),
        (boxed(*BELOW, fill=BLACK), PhotoIssue.COVERED_BELOW),
        (boxed(*BELOW, fill=WHITE), PhotoIssue.COVERED_BELOW),
        (boxed(*ONE_SIDE, fill=BLACK), PhotoIssue.COVERED_ASIDE),
        (boxed(*ONE_SIDE, fill=WHITE), PhotoIssue.COVERED_ASIDE),
    ],
)
def test_what_covers_half_a_face_is_noticed(skin: tuple[int, int, int], cover: Cover, expected: PhotoIssue) -> None:
    """Cloth of any colour, a hand and a box are named before a credit is spent, on any skin."""
    assert expected in doubts_about(cover(drawn_face(skin=skin), skin))


def fringed(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:  # noqa: ARG001 - a Cover
    held = face.copy()
    ImageDraw.Draw(held).rectangle((190, 100, 610, 285), fill=(58, 44, 38))
    return held.filter(ImageFilter.GaussianBlur(1))


def spectacled(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:  # noqa: ARG001 - a Cover
    worn = face.copy()
    for left in (238, 418):
        ImageDraw.Draw(worn).rounded_rectangle((left, 322, left + 144, 424), 30, outline=(25, 25, 28), width=14)
    return worn.filter(ImageFilter.GaussianBlur(1))


def bearded(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:  # noqa: ARG001 - a Cover
    worn = face.copy()
    ImageDraw.Draw(worn).chord((215, 460, 585, 735), 0, 180, fill=(58, 44, 38))
    ImageDraw.Draw(worn).ellipse((318, 580, 482, 640), fill=(176, 92, 92))
    return worn.filter(ImageFilter.GaussianBlur(1))


def half_in_shadow(face: Image.Image, skin: tuple[int, int, int]) -> Image.Image:  # noqa: ARG001 - a Cover
    light = Image.linear_gradient("L").rotate(90).resize(face.size).point(lambda value: 110 + value * 145 // 255)
    return Image.composite(face, Image.new("RGB", face.size), light)


@pytest.mark.parametrize("skin", SKINS)
@pytest.mark.parametrize("worn", [fringed, spectacled, bearded, half_in_shadow, boxed(330, 570, 470, 650, fill=BLACK)])
def test_what_faces_wear_is_no_cover(skin: tuple[int, int, int], worn: Cover) -> None:
    """Hair, glasses, a beard, a shadow or a bar before the mouth leave half of the skin to be read: no question."""
    covered = {PhotoIssue.COVERED, PhotoIssue.COVERED_BELOW, PhotoIssue.COVERED_ASIDE}
    assert not doubts_about(worn(drawn_face(skin=skin), skin)) & covered


@pytest.mark.parametrize(("skin", "red"), [(SKINS[0], 0.7), (SKINS[1], 0.75), (SKINS[2], 0.65)])
def test_coloured_light_is_no_cover(skin: tuple[int, int, int], red: float) -> None:
    """What is alike all over a face is its skin, whatever colour a lamp gives to it; some of it is redder, as ever."""
    across = Image.linear_gradient("L").rotate(90).resize((800, 800)).point(lambda value: 255 - value // 4)
    full = Image.new("L", (800, 800), 255)
    face = ImageChops.multiply(
        drawn_face(skin=skin), Image.merge("RGB", (full.point(lambda value: value * red), across, full))
    )
    covered = {PhotoIssue.COVERED, PhotoIssue.COVERED_BELOW, PhotoIssue.COVERED_ASIDE}
    assert not doubts_about(face) & covered


def test_a_photo_without_colour_is_not_covered() -> None:
    """Where no colour tells skin from cloth, nothing is said of cloth."""
    assert doubts_about(drawn_face().convert("L").convert("RGB")) <= {PhotoIssue.TINTED_LIGHT}


@pytest.mark.parametrize("cover", [in_cloth(150, 190, 215), in_cloth(222, 190, 165), in_hand])
def test_nothing_is_told_of_what_is_covered(cover: Cover) -> None:
    """Neither the cloth's redness nor that it has no spots: the zones under it are named as not visible."""
    analysis = analysis_of(cover(drawn_face(), SKINS[0]))

    assert {SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.CHIN} <= analysis.not_visible
    assert SkinZone.FOREHEAD not in analysis.not_visible
    assert analysis.redness is None
    assert analysis.marks == {}
    assert analysis.ita is None


def test_half_a_face_is_told_of_without_the_other() -> None:
    """Left and right by themselves: what is bare on one side is measured, and the other is named."""
    analysis = analysis_of(boxed(*ONE_SIDE, fill=(60, 90, 170))(drawn_face(), SKINS[0]))

    assert {SkinZone.LEFT_CHEEK, SkinZone.LEFT_JAW} <= analysis.not_visible
    assert SkinZone.RIGHT_CHEEK not in analysis.not_visible
    assert SkinZone.CHIN in analysis.partly_visible
    assert analysis.redness is not None
    assert MarkKind.DARK_SPOTS in analysis.marks


def test_no_spot_is_told_where_a_zone_is_not_visible() -> None:
    """What is left of a cheek between the marks of a pen says nothing of the cheek, and is no spot."""
    face = drawn_face()
    draw = ImageDraw.Draw(face)
    for x, y in ((290, 510), (510, 510)):
        draw.ellipse((x - 6, y - 6, x + 6, y + 6), fill=(120, 88, 72))
    both = analysis_of(face.filter(ImageFilter.GaussianBlur(1))).marks[MarkKind.DARK_SPOTS]
    for place in ((205, 425, 262, 700), (318, 425, 352, 580), (262, 540, 352, 600), (205, 425, 352, 482)):
        draw.rectangle(place, fill=(60, 90, 170))
    analysis = analysis_of(face.filter(ImageFilter.GaussianBlur(1)))

    assert len(both) == 2
    assert SkinZone.LEFT_CHEEK in analysis.not_visible
    assert [box.centre[0] > 400 for box in analysis.marks[MarkKind.DARK_SPOTS]] == [True]
