"""Bytes that a person sent, to a clean photo: upright, one frame, sRGB, no metadata, within the API's bounds."""

import io
import logging
import math
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageStat

from bot.imaging.canvas import Canvas
from bot.imaging.decoding import Decoded, decode, turned
from bot.imaging.enclosure import decode_enclosed
from bot.imaging.formats import format_of
from bot.imaging.jpeg import FINE, write_within_limit
from bot.imaging.light import conditions_of, doubts_about
from bot.imaging.rejection import PhotoRejected
from bot.skin.photo import Conditions, PhotoIssue, RejectReason

__all__ = ["MAX_FILE_BYTES", "CleanPhoto", "PhotoRejected", "canvas_of", "take_in"]

_log = logging.getLogger(__name__)

MAX_FILE_BYTES: Final = 20_971_520
_CANVAS_SIDE_PX: Final = 1280
_FLAT_RANGE: Final = 3
Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit, one for all formats, would come before ours
_BOUNDED_BY_THEIR_HEADER: Final = frozenset({"JPEG", "PNG", "WEBP", "HEIF"})


@dataclass(frozen=True, kw_only=True)
class CleanPhoto:
    """`jpeg` is what the analyzer gets; `width` and `height` are its pixels, `source_*` the file's own.

    `issues` are doubts about the whole picture's light and sharpness; `canvas` is the same picture to draw on.
    """

    jpeg: bytes = field(repr=False)
    width: int
    height: int
    source_format: str
    source_width: int
    source_height: int
    conditions: Conditions
    issues: frozenset[PhotoIssue]
    canvas: Canvas = field(repr=False)


def take_in(data: bytes, *, turn: int = 0) -> CleanPhoto:
    """Pure CPU, for a thread. Raises PhotoRejected, and nothing else, whatever the bytes are.

    `turn`: degrees counter-clockwise (90, 180, 270) by which the file's own orientation is wrong.
    """
    name = format_of(data)
    if len(data) > MAX_FILE_BYTES:
        raise PhotoRejected(RejectReason.TOO_LARGE_FILE)
    try:
        decoded = decode(data, name) if name in _BOUNDED_BY_THEIR_HEADER else decode_enclosed(data, name)
        return _clean(turned(decoded, turn) if turn else decoded, name)
    except PhotoRejected:
        raise
    except Exception as error:  # noqa: BLE001 - of 12,791 hostile files 365 made Pillow raise others than its own
        _log.info("a %s file could not be read: %s", name, type(error).__name__)
        raise PhotoRejected(RejectReason.DAMAGED) from None


def canvas_of(jpeg: bytes) -> Canvas:
    """The canvas of a photo that was sent, decoded no larger than needed."""
    with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
        side = max(image.size)
        factor = max(1, side // _CANVAS_SIDE_PX)
        image.draft("RGB", (math.ceil(image.width / factor), math.ceil(image.height / factor)))
        small = _small(image.convert("RGB"))
    return Canvas(image=small, scale=max(small.size) / side)


def _clean(decoded: Decoded, name: str) -> CleanPhoto:
    small = _small(decoded.image)
    _refuse_if_empty(small)
    jpeg, width, height = write_within_limit(decoded.image, decoded.encoding or FINE)
    conditions = conditions_of(small)
    return CleanPhoto(
        jpeg=jpeg,
        width=width,
        height=height,
        source_format=name,
        source_width=decoded.source_width,
        source_height=decoded.source_height,
        conditions=conditions,
        issues=doubts_about(small, conditions),
        canvas=Canvas(image=small, scale=max(small.size) / max(width, height)),
    )


def _small(image: Image.Image) -> Image.Image:
    """A copy of at most 1280 px; scaling by a whole number first is what makes it cheap."""
    factor = max(1, max(image.size) // _CANVAS_SIDE_PX)
    small = image.reduce(factor) if factor > 1 else image.copy()
    small.thumbnail((_CANVAS_SIDE_PX, _CANVAS_SIDE_PX), Image.Resampling.BILINEAR, reducing_gap=None)
    return small


def _refuse_if_empty(image: Image.Image) -> None:
    if all(high - low <= _FLAT_RANGE for low, high in ImageStat.Stat(image).extrema):
        raise PhotoRejected(RejectReason.EMPTY_PICTURE)
