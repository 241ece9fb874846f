"""Two photos side by side, before and after: eye on eye, the dates below."""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.imaging.canvas import Canvas
from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.face import FaceShape, Window
from bot.imaging.pictures.lettering import Weight, fitting, writable
from bot.imaging.pictures.upright import cut, wanted, within

_PANE_PX: Final = 640
_TALLEST_PX: Final = 900
_GAP: Final = 16
_FOOT: Final = 96
_GROUND: Final = (24, 23, 28)
_INK: Final = (245, 243, 240)
_PICTURE: Final = Encoding(quality=90, subsampling=0)


@dataclass(frozen=True, kw_only=True)
class Pane:
    """One photo and the face in it; `label`: its date."""

    canvas: Canvas
    shape: FaceShape
    label: str


def draw_pair(before: Pane, after: Pane) -> bytes:
    """A JPEG of 1296 px across, the earlier photo on the left. Colours and light are left as they were taken.

    Both show the same part of a face, as much of it as both photos have, with the eyes at the same places.
    """
    faces = _faces(before, after)
    height = faces[0].height
    picture = Image.new("RGB", (2 * _PANE_PX + _GAP, height + _FOOT), _GROUND)
    for face, side, left in zip(faces, (before, after), (0, _PANE_PX + _GAP), strict=True):
        picture.paste(face, (left, 0))
        _label(picture, side.label, (left + _PANE_PX // 2, height + _FOOT // 2))
    return write(picture, _PICTURE)


def cut_pair(before: Pane, after: Pane) -> tuple[bytes, bytes]:
    """The same two by themselves, for paper: JPEGs of one size, without words."""
    one, other = _faces(before, after)
    return write(one, _PICTURE), write(other, _PICTURE)


def _faces(before: Pane, after: Pane) -> tuple[Image.Image, Image.Image]:
    window = _shared(before, after)
    size = (_PANE_PX, round(_PANE_PX * window.height / window.width))
    one, other = (cut(side.canvas.image, side.shape, window, size) for side in (before, after))
    return one, other


def _shared(before: Pane, after: Pane) -> Window:
    one, other = (within(wanted(side.shape), side.shape, side.canvas.image.size) for side in (before, after))
    window = Window(
        left=max(one.left, other.left),
        top=max(one.top, other.top),
        right=min(one.right, other.right),
        bottom=min(one.bottom, other.bottom),
    )
    spare = window.height - window.width * _TALLEST_PX / _PANE_PX
    if spare <= 0:
        return window
    return Window(left=window.left, top=window.top + spare / 2, right=window.right, bottom=window.bottom - spare / 2)


def _label(picture: Image.Image, text: str, middle: tuple[int, int]) -> None:
    if writable(text):
        face = fitting(text, Weight.MEDIUM, 40, _PANE_PX - 40)
        ImageDraw.Draw(picture).text(middle, text, fill=_INK, font=face, anchor="mm")
