"""A sheet of white paper beside a drawn face: when it is used, when it is refused, and what is taken for none."""

import io
import math
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from bot.analysis.local.measure import measured
from bot.analysis.local.paper import PaperSheet
from bot.analysis.local.tone import tone_of
from bot.skin.analysis import Analysis, Paper, ToneLight
from tests.pictures import drawn_face, lit

WALL = (120, 126, 132)
SHEET = (222, 222, 222)
MIDDLE = (950, 420)
SIDES = (260, 360)
SKINS = ((208, 164, 140), (124, 86, 66))
CASTS = ((1.08, 1.0, 0.92), (0.92, 1.0, 1.08))


def analysis_of(image: Image.Image) -> Analysis:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return measured(buffer.getvalue()).analysis


def ita_of(analysis: Analysis) -> float:
    assert analysis.ita is not None
    assert analysis.ita.degrees is not None
    return analysis.ita.degrees


def beside_a_face(*, skin: tuple[int, int, int] = SKINS[0], width: int = 1200) -> Image.Image:
    """A drawn face on the left, a wall on the right."""
    room = Image.new("RGB", (width, 800), WALL)
    face = drawn_face(skin=skin)
    off_wall = ImageChops.difference(face, Image.new("RGB", face.size, (196, 202, 208))).convert("L")
    room.paste(face, mask=off_wall.point(lambda value: 255 if value > 20 else 0).filter(ImageFilter.MaxFilter(5)))
    return room


def laid(
    room: Image.Image,
    *,
    sheet: Image.Image | None = None,
    degrees: float = 0,
    middle: tuple[float, float] = MIDDLE,
    sides: tuple[float, float] = SIDES,
) -> Image.Image:
    """With a sheet in it; `sheet`: what is seen of it, of the room's size, where it is not plain white."""
    width, height = (side / 2 for side in sides)
    corners = [
        (
            middle[0] + x * math.cos(math.radians(degrees)) - y * math.sin(math.radians(degrees)),
            middle[1] + x * math.sin(math.radians(degrees)) + y * math.cos(math.radians(degrees)),
        )
        for x, y in ((-width, -height), (width, -height), (width, height), (-width, height))
    ]
    return cut_in(room, corners, sheet or Image.new("RGB", room.size, SHEET))


def cut_in(room: Image.Image, corners: Sequence[tuple[float, float]], sheet: Image.Image) -> Image.Image:
    large = Image.new("L", (room.width * 4, room.height * 4))
    ImageDraw.Draw(large).polygon([(x * 4, y * 4) for x, y in corners], fill=255)
    changed = room.copy()
    changed.paste(sheet, mask=large.resize(room.size, Image.Resampling.BOX))
    return changed


def shaded(size: tuple[int, int], *, dark: int, softness: float) -> Image.Image:
    """White above, in shadow below the sheet's middle."""
    shade = Image.new("L", size, 0)
    ImageDraw.Draw(shade).rectangle((0, MIDDLE[1], size[0], size[1]), fill=255)
    sheet = Image.new("RGB", size, SHEET)
    sheet.paste((dark, dark, dark), mask=shade.filter(ImageFilter.GaussianBlur(softness)))
    return sheet


@pytest.mark.parametrize("skin", SKINS)
def test_a_sheet_shows_the_light_whatever_lamp_and_exposure(skin: tuple[int, int, int]) -> None:
    """A third of a stop and 8 % of colour move ITA by 3° at the most; without the sheet by up to three times that."""
    photo = laid(beside_a_face(skin=skin))
    plain = analysis_of(photo)
    assert (plain.paper, plain.tone_light) == (Paper.USED, ToneLight.PAPER)
    for gains in ((0.81,) * 3, (1.23,) * 3, *CASTS):
        changed = analysis_of(lit(photo, (gains[0], gains[1], gains[2])))
        assert changed.paper is Paper.USED
        assert ita_of(changed) == pytest.approx(ita_of(plain), abs=3)
        assert plain.hue is not None
        assert plain.hue.degrees is not None
        assert changed.hue is not None
        assert changed.hue.degrees == pytest.approx(plain.hue.degrees, abs=3)
    without = [analysis_of(lit(beside_a_face(skin=skin), (gain,) * 3)) for gain in (1.0, 0.81)]
    assert abs(ita_of(without[0]) - ita_of(without[1])) > 4


def test_paper_reflects_as_paper_does() -> None:
    """Beside a sheet that is photographed as light as paper is, skin has the tone that it was photographed with."""
    cheeks = np.array((0.5, 0.3, 0.22), dtype=np.float32)
    sheet = PaperSheet(verdict=Paper.USED, light=np.full(3, 0.87, dtype=np.float32))
    shown, photographed = tone_of(cheeks, whites=None, sheet=sheet), tone_of(cheeks, whites=None, sheet=None)
    assert shown is not None
    assert photographed is not None
    assert (shown.ita, shown.hue) == pytest.approx((photographed.ita, photographed.hue))


@pytest.mark.parametrize("degrees", [8, -12])
def test_a_sheet_may_be_held_aslant(degrees: float) -> None:
    """Slightly turned."""
    assert analysis_of(laid(beside_a_face(), degrees=degrees)).paper is Paper.USED


@pytest.mark.parametrize("degrees", [0, 6])
def test_a_sheet_may_be_cut_off_by_the_rim_of_the_photo(degrees: float) -> None:
    """Three of its sides are enough."""
    assert analysis_of(laid(beside_a_face(width=1000), degrees=degrees)).paper is Paper.USED


def test_a_sheet_of_which_one_side_is_farther_is_a_sheet() -> None:
    """No camera looks straight at it."""
    corners = [(820, 240), (1080, 270), (1070, 570), (830, 600)]
    room = beside_a_face()
    assert analysis_of(cut_in(room, corners, Image.new("RGB", room.size, SHEET))).paper is Paper.USED


@pytest.mark.parametrize(("dark", "softness"), [(160, 1), (160, 20), (160, 60)])
def test_a_sheet_partly_in_shadow_is_refused(dark: int, softness: float) -> None:
    """Be its edge sharp or soft: which part has the light of the face is not known."""
    room = beside_a_face()
    analysis = analysis_of(laid(room, sheet=shaded(room.size, dark=dark, softness=softness)))
    assert (analysis.paper, analysis.tone_light) == (Paper.SHADED, ToneLight.EYES)
    assert ita_of(analysis) == pytest.approx(ita_of(analysis_of(room)), abs=1)


def test_a_sheet_in_shadow_is_refused() -> None:
    """All of it: hardly lighter than skin."""
    room = beside_a_face()
    analysis = analysis_of(laid(room, sheet=Image.new("RGB", room.size, (178, 178, 178))))
    assert (analysis.paper, analysis.tone_light) == (Paper.SHADED, ToneLight.EYES)


@pytest.mark.parametrize("tint", [(222, 205, 170), (226, 190, 196), (190, 222, 190)])
def test_a_tinted_sheet_is_refused(tint: tuple[int, int, int]) -> None:
    """The whites of the eyes have no such colour: it is the paper's."""
    room = beside_a_face()
    analysis = analysis_of(laid(room, sheet=Image.new("RGB", room.size, tint)))
    assert (analysis.paper, analysis.tone_light) == (Paper.TINTED, ToneLight.EYES)


def test_a_lamp_that_colours_sheet_and_eyes_alike_is_allowed_for() -> None:
    """More than a sheet alone could be believed."""
    photo = laid(beside_a_face())
    plain, warm = analysis_of(photo), analysis_of(lit(photo, (1.15, 1.0, 0.75)))
    assert warm.paper is Paper.USED
    assert ita_of(warm) == pytest.approx(ita_of(plain), abs=2)


def test_a_burnt_out_sheet_is_refused() -> None:
    """How light it is beyond white is not known."""
    room = beside_a_face()
    analysis = analysis_of(laid(room, sheet=Image.new("RGB", room.size, (255, 255, 252))))
    assert (analysis.paper, analysis.tone_light) == (Paper.CLIPPED, ToneLight.EYES)


def white_wall() -> Image.Image:
    room = Image.new("RGB", (1200, 800), SHEET)
    room.paste(beside_a_face().crop((150, 40, 650, 800)), (150, 40))
    return room


def half_a_white_wall() -> Image.Image:
    """To the rim above, below and on the right: a corner of a room."""
    room = beside_a_face()
    ImageDraw.Draw(room).rectangle((760, 0, 1200, 800), fill=SHEET)
    return room


def white_shirt() -> Image.Image:
    room = beside_a_face()
    ImageDraw.Draw(room).polygon([(150, 800), (260, 740), (400, 790), (540, 740), (650, 800)], fill=SHEET)
    ImageDraw.Draw(room).polygon([(700, 500), (1000, 560), (1100, 800), (650, 800)], fill=SHEET)
    return room


def window_with_bars() -> Image.Image:
    room = laid(beside_a_face())
    ImageDraw.Draw(room).line((950, 200, 950, 640), fill=WALL, width=14)
    ImageDraw.Draw(room).line((780, 420, 1120, 420), fill=WALL, width=14)
    return room


def lamp() -> Image.Image:
    room = beside_a_face()
    ImageDraw.Draw(room).ellipse((820, 260, 1120, 560), fill=SHEET)
    return room


def printed_page() -> Image.Image:
    room = laid(beside_a_face())
    for row in range(250, 600, 16):
        ImageDraw.Draw(room).line((835, row, 1065, row), fill=(60, 60, 60), width=5)
    return room


def page_on_a_table() -> Image.Image:
    room = Image.new("RGB", (1200, 1300), WALL)
    room.paste(beside_a_face(), (0, 0))
    return laid(room, middle=(950, 1050))


NO_SHEETS: tuple[Callable[[], Image.Image], ...] = (
    white_wall,
    half_a_white_wall,
    white_shirt,
    window_with_bars,
    lamp,
    printed_page,
    page_on_a_table,
)


@pytest.mark.parametrize("draw", NO_SHEETS)
def test_what_is_no_sheet_is_not_taken_for_one(draw: Callable[[], Image.Image]) -> None:
    """Of another shape, several of them, printed, or not of a height with the face."""
    analysis = analysis_of(draw())
    assert analysis.ita is not None
    assert analysis.paper is None
