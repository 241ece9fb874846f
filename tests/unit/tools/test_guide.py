"""The photo guide is a picture that says by itself what its caption says."""

import io
from itertools import pairwise
from typing import Final

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from bot.imaging.pictures.guide import photo_guide
from bot.rendering.renderer import Renderer, plain
from tools.guide.draw import drawn_guide
from tools.guide.mistakes import MISTAKES

Area = tuple[int, int, int, int]

SCREEN: Final = (68, 170, 668, 936)
ROOM: Final = (732, 48, 1232, 1088)
THUMBS: Final = tuple((48 + 243 * place, 1160, 260 + 243 * place, 1372) for place in range(5))
CHECKS: Final = ((560, 982, 712, 1134), (1104, 982, 1256, 1134))
CROSSES: Final = tuple((left + 138, 1298, left + 230, 1390) for left, *_ in THUMBS)
GREEN: Final = (24, 148, 108)
RED: Final = (226, 66, 62)


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return Image.open(io.BytesIO(photo_guide())).convert("RGB")


def share_of(picture: Image.Image, colour: tuple[int, int, int], area: Area) -> float:
    """How much of the area has that colour, give or take what the JPEG did to it."""
    part = picture.crop(area)
    apart = ImageChops.difference(part, Image.new("RGB", part.size, colour))
    near = [band.point([255] * 13 + [0] * 243) for band in apart.split()]
    return ImageStat.Stat(ImageChops.multiply(ImageChops.multiply(near[0], near[1]), near[2])).mean[0] / 255


def colours_in(picture: Image.Image, area: Area) -> int:
    """Colours that cover a hundredth of the area or more, in coarse steps."""
    part = picture.crop(area).quantize(24).convert("RGB")
    return sum(count > part.width * part.height / 100 for count, _ in part.getcolors() or ())


def test_the_guide_is_a_small_jpeg_for_a_phone_that_tells_nothing_else() -> None:
    """As wide as Telegram shows photos, quick to load, without metadata."""
    data = photo_guide()
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 1424))
        assert not image.getexif()
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert len(data) < 300_000


def test_the_guide_that_is_shipped_is_the_one_that_is_drawn() -> None:
    """Whoever changes the drawing draws it anew: `python -m tools.guide.draw`. Encoders may differ by a shade."""
    drawn = Image.open(io.BytesIO(drawn_guide())).convert("RGB")
    shipped = Image.open(io.BytesIO(photo_guide())).convert("RGB")
    assert max(ImageChops.difference(drawn, shipped).convert("L").tobytes()) <= 8


@pytest.mark.parametrize("area", [SCREEN, ROOM, *THUMBS])
def test_something_is_drawn_everywhere(picture: Image.Image, area: Area) -> None:
    """The face on the phone, the person in the room, and each of the small ones: no flat field."""
    assert colours_in(picture, area) >= 5


def test_green_checks_are_on_what_is_good_and_red_crosses_on_what_is_not(picture: Image.Image) -> None:
    """Each badge in its own colour, with its sign in white."""
    for area in CHECKS:
        assert share_of(picture, GREEN, area) > 0.3
        assert share_of(picture, RED, area) == 0
    for area in CROSSES:
        assert share_of(picture, RED, area) > 0.25
        assert share_of(picture, GREEN, area) == 0
    assert all(share_of(picture, (255, 255, 255), area) > 0.05 for area in (*CHECKS, *CROSSES))


def test_the_face_looks_straight_and_fills_the_screen(picture: Image.Image) -> None:
    """Its two halves are each other's mirror, and at the eyes it reaches over most of the screen."""
    screen = picture.crop(SCREEN)
    assert max(ImageStat.Stat(ImageChops.difference(screen, ImageOps.mirror(screen))).mean) < 1
    skin = (226, 176, 142)
    row = [place for place in range(60, 560) if share_of(screen, skin, (place, 440, place + 1, 450)) > 0.5]
    assert row[-1] - row[0] > 0.6 * screen.width


def test_no_two_mistakes_look_alike(picture: Image.Image) -> None:
    """Each warns of something else."""
    for one, other in pairwise(picture.crop(area) for area in THUMBS):
        assert max(ImageStat.Stat(ImageChops.difference(one, other)).mean) > 5


@pytest.mark.parametrize("locale", ["en", "es"])
def test_each_point_of_the_caption_has_its_mistake(locale: str) -> None:
    """Light, height, distance, a free face, a calm face: told in words and drawn, in the same order."""
    told = [line for line in plain(Renderer().render("guide", locale).text).splitlines() if line.startswith("•")]
    drawn = [mistake.__name__ for mistake in MISTAKES]
    assert len(told) == len(drawn)
    assert drawn == ["against_the_light", "turned_away", "far_away", "covered", "laughing"]
