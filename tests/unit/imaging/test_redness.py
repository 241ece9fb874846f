"""What is kept of a map of redness, and what is coloured of a face."""

import io

import pytest
from PIL import Image, ImageChops

from bot.imaging.pictures.face import TINTED, FaceShape, Tint, shape_in
from bot.imaging.pictures.redness import coarse_tint, draw_redness, grid_of, is_grid
from bot.imaging.pictures.tint import laid
from bot.imaging.pictures.upright import card_of
from bot.skin.analysis import Box
from tests.ailab import red_map
from tests.pictures import drawn_face

WORDS = ("just red", "most red")
FACE = drawn_face()
SQUARE = Box(left=199, top=306, width=401, height=401)  # brow to chin of it: its eyes stand 180 px apart


def shape() -> FaceShape:
    found = shape_in(SQUARE, 1.0)
    assert found is not None
    return found


def red_at(left: int, top: int, right: int, bottom: int) -> Tint:
    """A patch of the straight face, of 450 x 540."""
    strength = Image.new("L", (450, 540))
    strength.paste(255, (left, top, right, bottom))
    return Tint(strength=strength)


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("RGB")


def test_only_what_counts_as_red_is_coloured() -> None:
    """Of the card nothing else changes, but for the scale below the face."""
    bare = opened(draw_redness(FACE, shape(), red_at(0, 0, 0, 0), WORDS))
    red = opened(draw_redness(FACE, shape(), red_at(60, 250, 140, 330), WORDS))
    changed = ImageChops.difference(bare, red).convert("L").point([0] * 20 + [255] * 236).getbbox()
    card = card_of(FACE, shape())
    left, top = card.at((TINTED.left + 60 / 150, TINTED.top + 250 / 150))
    right, bottom = card.at((TINTED.left + 140 / 150, TINTED.top + 330 / 150))
    assert changed == pytest.approx((left, top, right, bottom), abs=6)


def test_as_much_is_coloured_as_counts() -> None:
    """In the card's own pixels within a hundredth of it."""
    card = card_of(FACE, shape())
    strength, _ = laid(card, red_at(60, 250, 140, 330))
    coloured = sum(strength.histogram()[1:]) / (strength.width * strength.height)
    assert coloured == pytest.approx(80 * 80 / (450 * 540), rel=0.02)


def test_the_scale_has_a_word_at_both_ends() -> None:
    """Other words, another plate; without letters for them there is a bar alone."""
    shown = [opened(draw_redness(FACE, shape(), red_at(0, 0, 0, 0), ends)) for ends in (WORDS, ("皮", "皮"), ("", ""))]
    assert ImageChops.difference(shown[0], shown[2]).getbbox()
    assert ImageChops.difference(shown[1], shown[2]).convert("L").point([0] * 30 + [255] * 226).getbbox() is None


def test_by_a_map_alone_cheeks_and_t_zone_are_coloured_as_far_as_was_told() -> None:
    """Lips, eyes and chin are left out, also where the map is red there."""
    everywhere = io.BytesIO()
    Image.new("RGB", FACE.size, (255, 92, 128)).save(everywhere, "JPEG")
    whole = coarse_tint(everywhere.getvalue(), FACE, shape(), None)
    assert whole is not None
    tinted = whole.strength.resize((450, 540))
    assert tinted.getpixel((225, 217 + round(1.05 * 150))) == 0  # the mouth
    assert tinted.getpixel((150, 217)) == 0  # an eye
    assert tinted.getpixel((225 - 93, 217 + 99)) != 0  # a cheek
    kept = grid_of(red_map(FACE.size))
    assert kept is not None
    some = coarse_tint(kept, FACE, shape(), 0.05)
    assert some is not None
    counted = sum(some.strength.histogram()[1:]) / sum(whole.strength.histogram()[1:])
    assert counted == pytest.approx(0.05, abs=0.06)


@pytest.mark.parametrize("size", [(900, 1200), (1200, 900), (384, 384), (4000, 500)])
def test_the_map_is_kept_without_the_face_in_it(size: tuple[int, int]) -> None:
    """At most 32 x 32 cells, and of the vendor's pale drawing of eyes, nose and mouth nothing at all."""
    pale = Image.new("RGB", size, "white")
    pale.paste(drawn_face().resize(size).point([205 + value // 5 for value in range(256)] * 3))
    grid = grid_of(as_jpeg(pale))
    assert grid is not None
    assert is_grid(grid)
    assert max(grid[:2]) == 32
    assert len(grid) <= 2 + 32 * 32
    assert not any(grid[2:])


def test_a_map_that_was_kept_before_is_no_grid() -> None:
    """So that it is found and made coarse."""
    assert not is_grid(red_map((384, 384)))
    assert not is_grid(b"")


def as_jpeg(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=80)
    return buffer.getvalue()


@pytest.mark.parametrize("broken", [b"", b"\xff\xd8\xff\xe0 broken", b"not a picture"])
def test_a_broken_map_is_no_map(broken: bytes) -> None:
    """It costs the second picture, not the report."""
    assert coarse_tint(broken, FACE, shape(), 0.1) is None
    assert grid_of(broken) is None
