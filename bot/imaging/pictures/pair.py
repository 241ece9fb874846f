"""Two photos side by side, before and after: the faces at the same size and height, the dates below."""

from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.imaging.canvas import Canvas
from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.lettering import Weight, fitting, writable
from bot.skin.analysis import Box

_PANE = (640, 800)
_GAP: Final = 16
_FOOT: Final = 96
_FACE_SHARE: Final = 0.62  # the face's height as a share of the pane's
_FACE_MIDDLE: Final = 0.52
_GROUND: Final = (24, 23, 28)
_INK: Final = (245, 243, 240)
_LARGEST_SCALE: Final = 4.0
_PICTURE: Final = Encoding(quality=90, subsampling=0)


@dataclass(frozen=True, kw_only=True)
class Pane:
    """One photo; `face` in pixels of the photo that was analysed, None shows the whole photo. `label`: its date."""

    canvas: Canvas
    face: Box | None
    label: str


def draw_pair(before: Pane, after: Pane) -> bytes:
    """A JPEG of 1296×896 px, the earlier photo on the left. Colours and light are left as they were taken."""
    width, height = _PANE
    picture = Image.new("RGB", (2 * width + _GAP, height + _FOOT), _GROUND)
    framed = before.face is not None and after.face is not None
    for side, left in ((before, 0), (after, width + _GAP)):
        face = side.face if framed else None
        picture.paste(_pane(side.canvas, face), (left, 0))
        _label(picture, side.label, left + width // 2)
    return write(picture, _PICTURE)


def _pane(canvas: Canvas, face: Box | None) -> Image.Image:
    """The photo's part around the face, scaled so that the face has the same height in every pane."""
    window = _around(face, canvas.scale) if face is not None and face.height > 0 else _whole(canvas.image)
    pane = Image.new("RGB", _PANE, _GROUND)
    left, top, right, bottom = _brought_inside(window, canvas.image)
    scale = _PANE[0] / (right - left)
    inside = (max(left, 0.0), max(top, 0.0), min(right, canvas.image.width), min(bottom, canvas.image.height))
    size = (round((inside[2] - inside[0]) * scale), round((inside[3] - inside[1]) * scale))
    if min(size) < 1:
        return pane
    part = canvas.image.resize(size, Image.Resampling.BICUBIC, box=inside)
    pane.paste(part, (round((inside[0] - left) * scale), round((inside[1] - top) * scale)))
    return pane


def _around(face: Box, scale: float) -> tuple[float, float, float, float]:
    x, y = (side * scale for side in face.centre)
    height = max(face.height * scale / _FACE_SHARE, _PANE[1] / _LARGEST_SCALE)
    width = height * _PANE[0] / _PANE[1]
    top = y - height * _FACE_MIDDLE
    return x - width / 2, top, x + width / 2, top + height


def _brought_inside(window: tuple[float, float, float, float], image: Image.Image) -> tuple[float, float, float, float]:
    """The window moved into the photo as far as it fits: a face near the edge is better than an empty strip."""
    left, top, right, bottom = window
    across = min(max(left, 0.0), image.width - (right - left)) if right - left <= image.width else left
    down = min(max(top, 0.0), image.height - (bottom - top)) if bottom - top <= image.height else top
    return across, down, across + right - left, down + bottom - top


def _whole(image: Image.Image) -> tuple[float, float, float, float]:
    scale = max(image.width / _PANE[0], image.height / _PANE[1])
    width, height = _PANE[0] * scale, _PANE[1] * scale
    left, top = (image.width - width) / 2, (image.height - height) / 2
    return left, top, left + width, top + height


def _label(picture: Image.Image, text: str, middle: int) -> None:
    if writable(text):
        face = fitting(text, Weight.MEDIUM, 40, _PANE[0] - 40)
        ImageDraw.Draw(picture).text((middle, _PANE[1] + _FOOT // 2), text, fill=_INK, font=face, anchor="mm")
