"""How red each cheek is by itself: on drawn faces of light and dark skin, in other light, burnt out and covered."""

import io

import pytest
from PIL import Image, ImageDraw

from bot.analysis.local.measure import measured
from bot.skin.analysis import Judged, Sides
from tests.pictures import drawn_face, lit
from tests.unit.analysis.local.test_redness import CHEEKS, LIGHT, SKINS, tinted

RIGHT, LEFT = CHEEKS
LAMPS = [(1.23, 1.23, 1.23), (0.81, 0.81, 0.81), (1.08, 1.0, 0.92), (0.92, 1.0, 1.08), (1.0, 1.06, 1.0)]


def sides_of(image: Image.Image) -> Sides:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return measured(buffer.getvalue()).analysis.sides[Judged.REDNESS]


def apart(image: Image.Image) -> float:
    """Left minus right."""
    sides = sides_of(image)
    assert sides.left is not None
    assert sides.right is not None
    return sides.left - sides.right


def blushing_left(skin: tuple[int, int, int]) -> Image.Image:
    """As much blood in one whole cheek as makes skin of L* 60 some 4 a* redder."""
    return tinted(drawn_face(skin=skin), [(*LEFT, 90, 90)], (1.0, 0.94, 0.963))


@pytest.mark.parametrize("skin", SKINS)
def test_a_blush_on_one_cheek_is_read_there(skin: tuple[int, int, int]) -> None:
    """About as much as was drawn, as much on dark skin as on light, and nothing of it on the other cheek."""
    calm, red = sides_of(drawn_face(skin=skin)), sides_of(blushing_left(skin))
    assert (calm.left, calm.right, red.left, red.right) != (None,) * 4
    assert (red.left or 0) - (calm.left or 0) == pytest.approx(4, abs=0.8)
    assert red.right == pytest.approx(calm.right, abs=0.3)
    assert red.seen == 1.0


@pytest.mark.parametrize("lamp", LAMPS)
@pytest.mark.parametrize("skin", SKINS)
def test_light_moves_both_cheeks_alike(skin: tuple[int, int, int], lamp: tuple[float, float, float]) -> None:
    """What differs between them stays, but for a drawing's colour being rounded to whole steps."""
    red = blushing_left(skin)
    assert apart(lit(red, lamp)) == pytest.approx(apart(red), abs=0.9)


def test_a_cheek_that_is_burnt_out_has_no_value() -> None:
    """The other one has."""
    face = drawn_face(skin=LIGHT)
    ImageDraw.Draw(face).ellipse((LEFT[0] - 42, LEFT[1] - 42, LEFT[0] + 42, LEFT[1] + 42), fill=(255, 252, 250))
    sides = sides_of(face)
    assert sides.left is None
    assert sides.right is not None


def test_a_covered_cheek_has_no_value() -> None:
    """It is said how much of it is seen."""
    face = drawn_face(skin=LIGHT)
    ImageDraw.Draw(face).rectangle((180, 420, 352, 700), fill=(40, 60, 120))
    sides = sides_of(face)
    assert sides.left is None
    assert sides.right is not None
    assert (sides.seen or 0) < 0.5
