"""Pictures as Telegram treats them: measured, refused, and made into the sizes of a photo."""

import io
from dataclasses import dataclass, field
from typing import Final

from PIL import Image, ImageOps

PERSON_SIDE_PX: Final = 1280
BOT_SIDE_PX: Final = 2560
_THUMBNAIL_SIDES_PX: Final = (90, 320, 800)
_MAX_SIDES_SUM_PX: Final = 10_000
_MAX_RATIO: Final = 20
_EXIF_ORIENTATION: Final = 0x0112


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
    with _opened(data) as image:
        clean = image.format == "JPEG" and not image.getexif() and max(image.size) <= max_side_px
        picture = _upright(image, max_side_px)
    largest = Size(width=picture.width, height=picture.height, data=data if clean else _jpeg(picture))
    smaller = [_scaled(picture, side) for side in _THUMBNAIL_SIDES_PX if side < max(picture.size)]
    return (*smaller, largest)


def _opened(data: bytes) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(data))
    except (OSError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise NotAPhoto("IMAGE_PROCESS_FAILED") from None
    width, height = image.size
    if width + height > _MAX_SIDES_SUM_PX or max(width, height) > _MAX_RATIO * min(width, height):
        image.close()
        raise NotAPhoto("PHOTO_INVALID_DIMENSIONS")
    return image


def _upright(image: Image.Image, max_side_px: int) -> Image.Image:
    try:
        image.draft("RGB", (max_side_px, max_side_px))
        picture = ImageOps.exif_transpose(image)
        picture = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError):
        raise NotAPhoto("IMAGE_PROCESS_FAILED") from None
    picture.thumbnail((max_side_px, max_side_px))
    return picture


def _scaled(picture: Image.Image, side_px: int) -> Size:
    small = picture.copy()
    small.thumbnail((side_px, side_px))
    return Size(width=small.width, height=small.height, data=_jpeg(small))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.info.clear()
    picture.save(out, "JPEG", quality=87)
    return out.getvalue()
