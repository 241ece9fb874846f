"""Pictures as Telegram treats them: measured, refused, and made into the sizes of a photo."""

import io
import threading
from dataclasses import dataclass, field
from typing import Final

import pillow_heif
from PIL import Image, ImageOps

PERSON_SIDE_PX: Final = 1280
BOT_SIDE_PX: Final = 2560
_THUMBNAIL_SIDES_PX: Final = (90, 320, 800)
_MAX_SIDES_SUM_PX: Final = 10_000
_MAX_RATIO: Final = 20
_SENT_BY_PHONES: Final = ("JPEG", "PNG", "WEBP", "HEIF")  # no other reader is asked: some start other programs
_MOST_SCANS: Final = 100
_SCAN: Final = b"\xff\xda"
_MAX_WEBP_PIXELS: Final = 16_000_000  # it takes 19 bytes a pixel
_one_at_a_time: Final = threading.Lock()  # memory: each may hold 25 million pixels


class NotAPhoto(Exception):
    """Telegram can't make a photo of these bytes: `IMAGE_PROCESS_FAILED` or `PHOTO_INVALID_DIMENSIONS`."""


@dataclass(frozen=True, kw_only=True)
class Size:
    """One size of a photo: JPEG bytes, sides in pixels."""

    width: int
    height: int
    data: bytes = field(repr=False)


def photo_sizes(data: bytes, *, max_side_px: int) -> tuple[Size, ...]:
    """The sizes of a photo, smallest first, upright and without metadata.

    Bytes that are a clean JPEG within `max_side_px` stay as they are; everything else is scaled and compressed.
    Raises NotAPhoto.
    """
    with _one_at_a_time:
        return _sizes(data, max_side_px)


def _sizes(data: bytes, max_side_px: int) -> tuple[Size, ...]:
    with _opened(data) as image:
        picture, clean = _upright(image, max_side_px)
    largest = Size(width=picture.width, height=picture.height, data=data if clean else _jpeg(picture))
    smaller = [_scaled(picture, side) for side in _THUMBNAIL_SIDES_PX if side < max(picture.size)]
    return (*smaller, largest)


def _opened(data: bytes) -> Image.Image:
    if data.count(_SCAN) > _MOST_SCANS or _webp_pixels(data) > _MAX_WEBP_PIXELS:
        raise NotAPhoto("IMAGE_PROCESS_FAILED")
    pillow_heif.register_heif_opener()
    try:
        image = Image.open(io.BytesIO(data), formats=_SENT_BY_PHONES)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPhoto("IMAGE_PROCESS_FAILED") from None
    width, height = image.size
    if width + height > _MAX_SIDES_SUM_PX or max(width, height) > _MAX_RATIO * min(width, height):
        image.close()
        raise NotAPhoto("PHOTO_INVALID_DIMENSIONS")
    return image


def _webp_pixels(data: bytes) -> int:
    """Of the canvas, which is made before anybody can be asked for its size; 0 for what is no WebP."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return 0
    if data[12:16] == b"VP8X":
        return (1 + int.from_bytes(data[24:27], "little")) * (1 + int.from_bytes(data[27:30], "little"))
    if data[12:16] == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (1 + (bits & 0x3FFF)) * (1 + (bits >> 14 & 0x3FFF))
    return (int.from_bytes(data[26:28], "little") & 0x3FFF) * (int.from_bytes(data[28:30], "little") & 0x3FFF)


def _upright(image: Image.Image, max_side_px: int) -> tuple[Image.Image, bool]:
    """The picture, and whether its bytes may stay as they are."""
    try:
        clean = image.format == "JPEG" and not image.getexif() and max(image.size) <= max_side_px
        image.draft("RGB", (max_side_px, max_side_px))
        picture = ImageOps.exif_transpose(image)
        picture = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError, EOFError):
        raise NotAPhoto("IMAGE_PROCESS_FAILED") from None
    picture.thumbnail((max_side_px, max_side_px))
    return picture, clean


def _scaled(picture: Image.Image, side_px: int) -> Size:
    small = picture.copy()
    small.thumbnail((side_px, side_px))
    return Size(width=small.width, height=small.height, data=_jpeg(small))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.info.clear()
    picture.save(out, "JPEG", quality=87)
    return out.getvalue()
