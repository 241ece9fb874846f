"""The redness as a picture like the vendor's: white ground, red where the skin is red, of the photo's size."""

import io
from functools import cache

from PIL import Image

from bot.analysis.local.frame import Frame
from bot.analysis.local.redness import RedSkin

_REDDEST = (255, 92, 128)
_QUALITY = 85


def red_map_of(red: RedSkin, frame: Frame, working: tuple[int, int], size: tuple[int, int]) -> bytes:
    """A JPEG of `size`; `frame` lies in a picture of the `working` size."""
    strength, (left, top) = frame.back(red.strength * 255, working)
    larger = size[0] / working[0]
    face = Image.merge("RGB", [strength.point(table) for table in _reds()])
    face = face.resize((round(face.width * larger), round(face.height * larger)), Image.Resampling.BILINEAR)
    ground = Image.new("RGB", size, (255, 255, 255))
    ground.paste(face, (round(left * larger), round(top * larger)))
    buffer = io.BytesIO()
    ground.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


@cache
def _reds() -> tuple[list[int], ...]:
    return tuple([round(255 - (255 - reddest) * value / 255) for value in range(256)] for reddest in _REDDEST)
