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
    strength, corner = frame.back(red.strength * 255, working)
    ground = Image.new("RGB", working, (255, 255, 255))
    ground.paste(Image.merge("RGB", [strength.point(table) for table in _reds()]), corner)
    buffer = io.BytesIO()
    ground.resize(size, Image.Resampling.BILINEAR).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


@cache
def _reds() -> tuple[list[int], ...]:
    return tuple([round(255 - (255 - reddest) * value / 255) for value in range(256)] for reddest in _REDDEST)
