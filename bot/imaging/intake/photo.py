"""Bytes that a person sent, to a clean photo: upright, one frame, sRGB, no metadata, within the API's bounds."""

import io
import logging
import math
from dataclasses import dataclass, field, fields
from typing import Final

from PIL import Image

from bot.imaging.canvas import Canvas
from bot.imaging.intake.clean_photo import MAX_FILE_BYTES, CleanPhoto
from bot.imaging.intake.decoding import Decoded, decode, turned
from bot.imaging.intake.formats import format_of
from bot.imaging.intake.light import LightSample, conditions_of, doubts_about
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.jpeg import FINE, write_within_limit
from bot.skin.photo import RejectReason

__all__ = ["DrawablePhoto", "PhotoRejected", "canvas_of", "take_in"]

_log = logging.getLogger(__name__)

_CANVAS_SIDE_PX: Final = 1280
_NEAR_ENOUGH: Final = 1.1


@dataclass(frozen=True, kw_only=True)
class DrawablePhoto(CleanPhoto):
    """`canvas` is the same picture to draw on; `whole` has all of its pixels, None where the JPEG had to have fewer."""

    canvas: Canvas = field(repr=False)
    whole: Image.Image | None = field(default=None, repr=False)

    def without_pixels(self) -> CleanPhoto:
        return CleanPhoto(**{each.name: getattr(self, each.name) for each in fields(CleanPhoto)})


def take_in(data: bytes, *, turn: int = 0) -> DrawablePhoto:
    """Pure CPU, for a worker process. Raises PhotoRejected, MemoryError, and nothing else, whatever the bytes are.

    `turn`: degrees counter-clockwise (90, 180, 270) by which the file's own orientation is wrong.
    """
    name = format_of(data)
    if len(data) > MAX_FILE_BYTES:
        raise PhotoRejected(RejectReason.TOO_LARGE_FILE)
    try:
        decoded = decode(data, name)
        return _clean(turned(decoded, turn) if turn else decoded, name, len(data))
    except (PhotoRejected, MemoryError):
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
        image.load()  # it is RGB, for we wrote it; to convert it would be a copy
        small = _small(image)
    return Canvas(image=small, scale=max(small.size) / side)


def _clean(decoded: Decoded, name: str, source_bytes: int) -> DrawablePhoto:
    small = _small(decoded.image)
    look = LightSample.at(small)
    if look.is_flat:
        raise PhotoRejected(RejectReason.EMPTY_PICTURE)
    jpeg, width, height = _written(decoded, source_bytes)
    conditions = conditions_of(look)
    return DrawablePhoto(
        jpeg=jpeg,
        width=width,
        height=height,
        source_format=name,
        source_width=decoded.source_width,
        source_height=decoded.source_height,
        conditions=conditions,
        issues=doubts_about(look, conditions),
        canvas=Canvas(image=small, scale=max(small.size) / max(width, height)),
        whole=decoded.image if decoded.image.size == (width, height) else None,
    )


def _written(decoded: Decoded, source_bytes: int) -> tuple[bytes, int, int]:
    """As the source was written, it will be about as long as the source: no trial is needed then."""
    if decoded.encoding is None:
        return write_within_limit(decoded.image, FINE)
    return write_within_limit(decoded.image, decoded.encoding, expected_bytes=source_bytes)


def _small(image: Image.Image) -> Image.Image:
    """A copy of about 1280 px; only scaling by a whole number is cheap, so a tenth more is left as it is."""
    factor = max(1, max(image.size) // _CANVAS_SIDE_PX)
    small = image.reduce(factor) if factor > 1 else image
    if max(small.size) <= _CANVAS_SIDE_PX * _NEAR_ENOUGH:
        return small
    scale = _CANVAS_SIDE_PX / max(small.size)
    size = max(1, round(small.width * scale)), max(1, round(small.height * scale))
    return small.resize(size, Image.Resampling.BILINEAR)
