"""Redness on the face it was seen in: what counts as red, and the map that is kept of it."""

import io
import logging
import math
from dataclasses import replace
from functools import cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from bot.imaging.jpeg import Encoding, write
from bot.imaging.pictures.card import draw_on
from bot.imaging.pictures.face import TINTED, FaceShape, Tint
from bot.imaging.pictures.tint import draw_scale
from bot.imaging.pictures.upright import card_of, cut
from bot.skin.analysis import SkinZone
from bot.skin.card import OnCard

_log = logging.getLogger(__name__)

_GRID_SIDE: Final = 32  # cells over the whole photo: a face is some fifteen of them wide, and can't be seen in them
_GRID_STEP: Final = 16  # between two levels of redness
_GRID_HEAD: Final = 2  # bytes before the cells: width and height
_PICTURE: Final = Encoding(quality=90, subsampling=0)
_COARSER: Final = 4
_TINT_SIZE: Final = (225, 270)
_COUNTED: Final = frozenset(
    {SkinZone.FOREHEAD, SkinZone.GLABELLA, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK}
)
_FULL_AT: Final = 190  # how red the map's reddest is: 255 minus its green
_FAINT: Final = 64  # redness below it is not shown
_LARGEST_MAP_PX: Final = 40_000_000


def draw_redness(photo: Image.Image, shape: FaceShape, tint: Tint, ends: tuple[str, str]) -> bytes:
    """The face with what counts as red coloured. `ends`: what the two ends of the colours are called."""
    card = card_of(photo, shape)
    draw_on(card, shape, OnCard(bare=True), scale=1.0, tint=tint)
    draw_scale(card, ends)
    return write(card.image, _PICTURE)


def coarse_tint(red_map: bytes, photo: Image.Image, shape: FaceShape, share: float | None) -> Tint | None:
    """By a map alone, where no network can look again: within cheeks and T-zone, as much as was told.

    `red_map`: an analyzer's own, or the grid that is kept of one. None when it is broken.
    """
    size = (max(1, photo.width // _COARSER), max(1, photo.height // _COARSER))
    strength = _of_grid(red_map, size) if is_grid(red_map) else _redness(red_map, size)
    if strength is None:
        return None
    left, right = ((x / _COARSER, y / _COARSER) for x, y in shape.eyes)
    small = replace(shape, eyes=(left, right))
    level = cut(strength, small, TINTED, _TINT_SIZE)
    zones = Image.new("L", _TINT_SIZE)
    for zone in _COUNTED & set(shape.zones):
        unit = _TINT_SIZE[0] / TINTED.width
        points = [((x - TINTED.left) * unit, (y - TINTED.top) * unit) for x, y in shape.zones[zone]]
        ImageDraw.Draw(zones).polygon(points, fill=255)
    counts = level.histogram(zones)
    return Tint(strength=ImageChops.multiply(level.point(_from(_threshold(counts, share))), zones))


def _threshold(counts: list[int], share: float | None) -> int:
    """From which redness on it counts; never what is too faint to be shown."""
    wanted, found, level = (1.0 if share is None else share) * sum(counts), 0, 256
    while level > _FAINT and found + counts[level - 1] / 2 < wanted:
        level -= 1
        found += counts[level]
    return level


def _from(threshold: int) -> list[int]:
    return [value if value >= threshold else 0 for value in range(256)]


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
def _levels() -> list[int]:
    """Redness in steps, the faint as none."""
    return [value // _GRID_STEP * _GRID_STEP if value >= _FAINT else 0 for value in range(256)]
