"""The redness map over the photo it was made from."""

import io
import logging
import math
from functools import cache
from typing import Final

from PIL import Image, ImageEnhance, ImageFilter

from bot.imaging.canvas import Canvas
from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.legend import place_plate, rounded_plate

_log = logging.getLogger(__name__)

_GRID_SIDE: Final = 32  # cells over the whole photo: a face is some fifteen of them wide, and can't be seen in them
_GRID_STEP: Final = 16  # between two levels of redness
_GRID_HEAD: Final = 2  # bytes before the cells: width and height
_PICTURE: Final = Encoding(quality=90, subsampling=2)
_COLOUR_LEFT: Final = 0.35
_MOST_OPACITY: Final = 0.85
_FULL_AT: Final = 190  # how red the map's reddest is: 255 minus its green
_LOW: Final = (255, 196, 61)
_HIGH: Final = (214, 10, 84)
_FAINT: Final = 64  # redness below it is not shown
_LARGEST_MAP_PX: Final = 40_000_000


def blend_redness(canvas: Canvas, red_map: bytes) -> bytes | None:
    """The map over a photo with less colour, from amber (a little) to crimson (a lot); None when the map is broken.

    `red_map`: an analyzer's own, or the grid that is kept of one.
    """
    redness = _of_grid(red_map, canvas.image.size) if is_grid(red_map) else _redness(red_map, canvas.image.size)
    if redness is None:
        return None
    ground = ImageEnhance.Color(canvas.image).enhance(_COLOUR_LEFT)
    smooth = redness.filter(ImageFilter.GaussianBlur(max(canvas.image.size) / 400))
    heat = Image.merge("RGB", [smooth.point(table) for table in _heat()])
    ground.paste(heat, mask=smooth.point(_opacity()))
    place_plate(ground, _scale(max(max(ground.size) / 1280, 0.45)), taken=(), face=None)
    return write(ground, _PICTURE)


def grid_of(red_map: bytes) -> bytes | None:
    """An analyzer's map as it is kept: how red each of at most 32 x 32 cells is. None when the map is broken.

    What is too faint to be shown is not kept: in the vendor's map that is the face with its eyes, nose and lines.
    """
    image = _opened(red_map, _GRID_SIDE)
    if image is None:
        return None
    longest = max(image.size)
    size = tuple(max(1, round(side * _GRID_SIDE / longest)) for side in image.size)
    cells = _strength(image).resize((size[0], size[1]), Image.Resampling.BOX).point(_levels())
    return bytes(size) + cells.tobytes()


def is_grid(kept: bytes) -> bool:
    """True for what `grid_of` made; maps that were kept before are JPEGs, which begin with 255."""
    return len(kept) > _GRID_HEAD and max(kept[:_GRID_HEAD]) <= _GRID_SIDE and len(kept) == _cells(kept) + _GRID_HEAD


def _cells(grid: bytes) -> int:
    return grid[0] * grid[1]


def _of_grid(grid: bytes, size: tuple[int, int]) -> Image.Image:
    cells = Image.frombytes("L", (grid[0], grid[1]), grid[_GRID_HEAD:])
    return cells.resize(size, Image.Resampling.BICUBIC)


def _redness(red_map: bytes, size: tuple[int, int]) -> Image.Image | None:
    """White ground is 0, the reddest 255."""
    image = _opened(red_map, max(size))
    if image is None:
        return None
    return _strength(image).resize(size, Image.Resampling.BILINEAR)


def _strength(image: Image.Image) -> Image.Image:
    return image.getchannel("G").point([min(255, round((255 - value) * 255 / _FULL_AT)) for value in range(256)])


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
def _levels() -> list[int]:
    """Redness in steps, the faint as none."""
    return [value // _GRID_STEP * _GRID_STEP if value >= _FAINT else 0 for value in range(256)]


@cache
def _opacity() -> list[int]:
    """Faint redness, which the report does not count as red, only just shows: it fades in."""
    return [round(_MOST_OPACITY * 255 * min(1.0, max(0.0, (value - _FAINT) / 120))) for value in range(256)]


def _scale(unit: float) -> Image.Image:
    """From a little to a lot, without words."""
    width, height, pad = round(220 * unit), round(16 * unit), round(14 * unit)
    bar = Image.linear_gradient("L").rotate(90).resize((width, height))
    heat = Image.merge("RGB", [bar.point(table) for table in _heat()])
    plate = rounded_plate(width + 2 * pad, height + 2 * pad, unit=unit)
    plate.paste(heat, (pad, pad))
    return plate
