"""The redness map over the photo it was made from."""

import io
import logging
import math
from functools import cache
from typing import Final

from PIL import Image, ImageEnhance, ImageFilter

from bot.imaging.canvas import Canvas
from bot.imaging.jpeg import Encoding, write
from bot.imaging.legend import place_plate, rounded_plate

_log = logging.getLogger(__name__)

_KEPT_SIDE_PX: Final = 384
_KEPT: Final = Encoding(quality=80, subsampling=2)
_PICTURE: Final = Encoding(quality=90, subsampling=2)
_COLOUR_LEFT: Final = 0.35
_MOST_OPACITY: Final = 0.85
_FULL_AT: Final = 190  # how red the map's reddest is: 255 minus its green
_LOW: Final = (255, 196, 61)
_HIGH: Final = (214, 10, 84)
_LARGEST_MAP_PX: Final = 40_000_000


def blend_redness(canvas: Canvas, red_map: bytes) -> bytes | None:
    """The map over a photo with less colour, from amber (a little) to crimson (a lot); None when the map is broken."""
    redness = _redness(red_map, canvas.image.size)
    if redness is None:
        return None
    ground = ImageEnhance.Color(canvas.image).enhance(_COLOUR_LEFT)
    smooth = redness.filter(ImageFilter.GaussianBlur(max(canvas.image.size) / 400))
    heat = Image.merge("RGB", [smooth.point(table) for table in _heat()])
    ground.paste(heat, mask=smooth.point(_opacity()))
    place_plate(ground, _scale(max(max(ground.size) / 1280, 0.45)), taken=(), face=None)
    return write(ground, _PICTURE)


def shrink_map(red_map: bytes) -> bytes | None:
    """The map as it is kept: at most 384 px; None when it is broken."""
    image = _opened(red_map, _KEPT_SIDE_PX)
    if image is None:
        return None
    image.thumbnail((_KEPT_SIDE_PX, _KEPT_SIDE_PX), Image.Resampling.BOX)
    return write(image, _KEPT)


def _redness(red_map: bytes, size: tuple[int, int]) -> Image.Image | None:
    """White ground is 0, the reddest 255."""
    image = _opened(red_map, max(size))
    if image is None:
        return None
    green = image.getchannel("G").resize(size, Image.Resampling.BILINEAR)
    return green.point([min(255, round((255 - value) * 255 / _FULL_AT)) for value in range(256)])


def _opened(red_map: bytes, side_px: int) -> Image.Image | None:
    """Decoded no larger than needed for a long side of `side_px`."""
    try:
        with Image.open(io.BytesIO(red_map), formats=["JPEG"]) as image:
            if image.width * image.height > _LARGEST_MAP_PX:
                return None
            factor = max(1, max(image.size) // side_px)
            image.draft("RGB", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
            return image.convert("RGB")
    except Exception as error:  # noqa: BLE001 - decoders raise anything for a broken file, and no map is no trouble
        _log.info("a redness map could not be read: %s", type(error).__name__)
        return None


@cache
def _heat() -> tuple[list[int], ...]:
    return tuple(
        [round(low + (high - low) * value / 255) for value in range(256)] for low, high in zip(_LOW, _HIGH, strict=True)
    )


@cache
def _opacity() -> list[int]:
    """Faint redness, which the report does not count as red, only just shows: it fades in."""
    return [round(_MOST_OPACITY * 255 * min(1.0, max(0.0, (value - 64) / 120))) for value in range(256)]


def _scale(unit: float) -> Image.Image:
    """From a little to a lot, without words."""
    width, height, pad = round(220 * unit), round(16 * unit), round(14 * unit)
    bar = Image.linear_gradient("L").rotate(90).resize((width, height))
    heat = Image.merge("RGB", [bar.point(table) for table in _heat()])
    plate = rounded_plate(width + 2 * pad, height + 2 * pad, unit=unit)
    plate.paste(heat, (pad, pad))
    return plate
