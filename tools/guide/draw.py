"""Draws bot/imaging/pictures/guide.jpg: how to take a good selfie, without a word.

    python -m tools.guide.draw

What the camera sees, how one stands, and what to leave.
"""

from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

from bot.imaging.jpeg import Encoding, write
from tools.guide.brush import Board, Brush, Colour, Point, oval
from tools.guide.mistakes import MISTAKES, Scene
from tools.guide.portrait import Tones, draw_person
from tools.guide.profile import draw_selfie_taker

TARGET: Final = Path(__file__).parents[2] / "bot" / "imaging" / "pictures" / "guide.jpg"
_SHEET: Final = (1280, 1424)
_PHONE: Final = (640, 1040)
_PHONE_AT: Final = (48, 48)
_ROOM: Final = (500, 1040)
_ROOM_AT: Final = (732, 48)
_THUMB: Final = 212
_THUMB_STEP: Final = 243
_THUMBS_LEFT: Final = 48
_THUMBS_TOP: Final = 1160
_BLUR: Final = 80
_EYE_LINE: Final = 512  # in the phone and in the room: the same height

_GROUND: Final[Colour] = (247, 239, 227)
_SHADOW: Final[Colour] = (92, 70, 48)
_INK: Final[Colour] = (44, 42, 48)
_WALL: Final[Colour] = (222, 232, 226)
_ROOM_WALL: Final[Colour] = (208, 222, 214)
_GREEN: Final[Colour] = (24, 148, 108)
_RED: Final[Colour] = (226, 66, 62)
_WHITE: Final[Colour] = (255, 255, 255)
_SUN: Final[Colour] = (255, 206, 92)
_SKY: Final[Colour] = (190, 224, 240)
_LIGHT: Final[Colour] = (255, 246, 216)
_BEAM: Final = (255, 240, 190, 170)
_FRAME: Final[Colour] = (255, 253, 248)
_TONES: Final = Tones()
_PICTURE: Final = Encoding(quality=90, subsampling=0)


def drawn_guide() -> bytes:
    """A JPEG of 1280×1424 px: the caption's points above, and below what each of them spares the person."""
    sheet = Image.new("RGB", _SHEET, _GROUND)
    _lay(sheet, _phone(), _PHONE_AT, radius=84)
    _lay(sheet, _room(), _ROOM_AT, radius=56)
    _mark_as_good(sheet, _PHONE_AT, _PHONE)
    _mark_as_good(sheet, _ROOM_AT, _ROOM)
    for place, mistake in enumerate(MISTAKES):
        _lay_mistake(sheet, mistake, (_THUMBS_LEFT + place * _THUMB_STEP, _THUMBS_TOP))
    return write(sheet, _PICTURE)


def _mark_as_good(sheet: Image.Image, at: tuple[int, int], size: tuple[int, int]) -> None:
    _badge(sheet, (at[0] + size[0] - 52, at[1] + size[1] - 30), 60, _GREEN, _check)


def _lay_mistake(sheet: Image.Image, mistake: Scene, at: tuple[int, int]) -> None:
    board = Board((_THUMB, _THUMB))
    mistake(board.brush.moved((_THUMB / 2, _THUMB / 2), unit=_THUMB / 2))
    _lay(sheet, board.finished(), at, radius=_THUMB // 2)
    _badge(sheet, (at[0] + _THUMB - 28, at[1] + _THUMB - 28), 34, _RED, _cross)


def _phone() -> Image.Image:
    """A large, evenly lit face that looks straight into the camera."""
    board = Board(_PHONE, _soft_light())
    brush = board.brush
    for edge, ear in ((40, 112), (600, 528)):
        brush.dashes((edge, _EYE_LINE), (ear, _EYE_LINE), dash=12, width=6, paint=_GREEN)
    draw_person(brush.moved((320, _EYE_LINE), unit=266), _TONES)
    _corners(brush, (56, 150), (584, 850))
    _camera(brush)
    return board.finished()


def _soft_light() -> Image.Image:
    far = Image.radial_gradient("L").reduce(4)
    return Image.composite(Image.new("RGB", far.size, _WALL), Image.new("RGB", far.size, _LIGHT), far)


def _corners(brush: Brush, upper: Point, lower: Point) -> None:
    for x, inward in ((upper[0], 1), (lower[0], -1)):
        for y, down in ((upper[1], 1), (lower[1], -1)):
            brush.line([(x + inward * 70, y), (x, y), (x, y + down * 70)], 10, _WHITE)


def _camera(brush: Brush) -> None:
    _bezel(brush)
    brush.disc((320, 62), 15, (88, 86, 96))
    brush.disc((320, 62), 7, (30, 40, 60))
    brush.disc((320, 960), 52, _WHITE)
    brush.disc((320, 960), 44, _INK)
    brush.disc((320, 960), 37, _WHITE)
    _no_flash(brush.moved((112, 64), unit=38))


def _bezel(brush: Brush) -> None:
    width, height = _PHONE
    brush.plate((0, 0), (width, 122), 0, _INK)
    brush.plate((0, 888), (width, height), 0, _INK)
    brush.plate((0, 0), (20, height), 0, _INK)
    brush.plate((width - 20, 0), (width, height), 0, _INK)


def _no_flash(brush: Brush) -> None:
    brush.disc((0, 0), 1.12, _RED)
    brush.disc((0, 0), 0.92, _INK)
    brush.fill([(0.28, -0.78), (-0.46, 0.14), (-0.06, 0.14), (-0.28, 0.78), (0.46, -0.2), (0.08, -0.2)], _SUN)
    brush.line([(-0.7, -0.7), (0.7, 0.7)], 0.2, _RED)


def _room() -> Image.Image:
    """The same person from the side: before a window, the phone at eye level."""
    board = Board(_ROOM)
    brush = board.brush
    brush.plate((0, 0), _ROOM, 0, _ROOM_WALL)
    _window(brush)
    brush.fill([(352, 180), (352, 700), (0, 900), (0, 320)], _BEAM)
    draw_selfie_taker(brush.moved((165, _EYE_LINE), unit=132), _TONES)
    brush.dashes((242, _EYE_LINE), (340, _EYE_LINE), dash=14, width=6, paint=_GREEN)
    return board.finished()


def _window(brush: Brush) -> None:
    brush.fill([(352, 180), (480, 90), (480, 800), (352, 700)], _FRAME)
    brush.fill([(366, 192), (466, 120), (466, 770), (366, 684)], _SKY)
    brush.fill(oval((418, 262), 32, 44), _SUN)
    brush.line([(360, 440), (470, 440)], 12, _FRAME)


def _lay(sheet: Image.Image, picture: Image.Image, at: tuple[int, int], *, radius: int) -> None:
    """With round corners, upon a soft shadow."""
    mask = _rounded(picture.size, radius)
    sheet.paste(_SHADOW, (at[0] - _BLUR, at[1] - _BLUR + 14), _shadow(mask))
    sheet.paste(picture, at, mask)


def _shadow(mask: Image.Image) -> Image.Image:
    """Wider by the blur on each side; blurred small, which nobody can see."""
    coarse, edge = 4, _BLUR // 4
    shade = Image.new("L", (mask.width // coarse + 2 * edge, mask.height // coarse + 2 * edge))
    shade.paste(mask.reduce(coarse).point(lambda value: value * 0.3 + 0), (edge, edge))
    size = (shade.width * coarse, shade.height * coarse)
    return shade.filter(ImageFilter.GaussianBlur(5)).resize(size, Image.Resampling.BILINEAR)


def _rounded(size: tuple[int, int], radius: int) -> Image.Image:
    mask = Image.new("L", (size[0] * 3, size[1] * 3))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), radius=radius * 3, fill=255)
    return mask.reduce(3)


def _badge(sheet: Image.Image, centre: tuple[int, int], radius: int, colour: Colour, sign: Scene) -> None:
    side = 2 * radius + 16
    board = Board((side, side))
    brush = board.brush.moved((side / 2, side / 2), unit=radius)
    brush.disc((0, 0), 2, _WHITE)
    brush.disc((0, 0), 1, colour)
    sign(brush)
    sheet.paste(board.finished(), (centre[0] - side // 2, centre[1] - side // 2), _rounded((side, side), side // 2))


def _check(brush: Brush) -> None:
    brush.line([(-0.42, 0.04), (-0.12, 0.36), (0.46, -0.32)], 0.2, _WHITE)


def _cross(brush: Brush) -> None:
    brush.line([(-0.34, -0.34), (0.34, 0.34)], 0.22, _WHITE)
    brush.line([(-0.34, 0.34), (0.34, -0.34)], 0.22, _WHITE)


if __name__ == "__main__":
    TARGET.write_bytes(drawn_guide())
