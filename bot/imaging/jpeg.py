"""Writing JPEGs: with the source's own tables where they fit, and never above a size."""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from PIL import Image

MAX_BYTES: Final = 5_000_000
_SAFETY: Final = 0.96  # an estimate from a sixteenth of the picture is a few per cent off
_SURE_TO_FIT_PX: Final = 1_500_000
_STRIPS: Final = 16
_STRIP_PX: Final = 16  # an MCU row of any subsampling


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """Either the source's `tables` or a `quality`. `subsampling`: 0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0."""

    quality: int = 95
    subsampling: int = 0
    tables: Mapping[int, Sequence[int]] | None = None


FINE: Final = Encoding()
_COARSER: Final = tuple(
    Encoding(quality=quality, subsampling=subsampling)
    for quality, subsampling in ((92, 0), (88, 0), (84, 0), (80, 0), (85, 2), (78, 2), (70, 2))
)


def write(image: Image.Image, encoding: Encoding) -> bytes:
    """The picture as a JPEG without metadata."""
    buffer = io.BytesIO()
    if encoding.tables is not None:
        tables = {number: list(table) for number, table in encoding.tables.items()}
        image.save(buffer, "JPEG", qtables=tables, subsampling=encoding.subsampling)
    else:
        image.save(buffer, "JPEG", quality=encoding.quality, subsampling=encoding.subsampling)
    return buffer.getvalue()


def write_within_limit(
    image: Image.Image, preferred: Encoding, *, expected_bytes: int | None = None
) -> tuple[bytes, int, int]:
    """The best JPEG of at most 5,000,000 bytes, with its width and height.

    Coarser when the preferred encoding does not fit, and smaller when quality alone won't do. `expected_bytes`: how
    long the preferred encoding will be, where that is known.
    """
    if expected_bytes is not None and expected_bytes <= MAX_BYTES * _SAFETY:
        data = write(image, preferred)
        if len(data) <= MAX_BYTES:
            return data, *image.size
    sample = None if image.width * image.height <= _SURE_TO_FIT_PX else _sample(image)
    for encoding in (preferred, *_COARSER):
        if sample is not None and _estimated_bytes(sample, image, encoding) > MAX_BYTES * _SAFETY:
            continue
        data = write(image, encoding)
        if len(data) <= MAX_BYTES:
            return data, *image.size
    return _write_smaller(image, _COARSER[-1])


def _write_smaller(image: Image.Image, encoding: Encoding) -> tuple[bytes, int, int]:
    scale = min(0.9, math.sqrt(MAX_BYTES * 0.9 / _estimated_bytes(_sample(image), image, encoding)))
    while True:
        size = (math.floor(image.width * scale), math.floor(image.height * scale))
        data = write(image.resize(size, Image.Resampling.BOX), encoding)
        if len(data) <= MAX_BYTES:
            return data, *size
        scale *= 0.85


def _sample(image: Image.Image) -> Image.Image:
    """A few MCU rows spread over the picture."""
    tops = range(0, image.height - _STRIP_PX + 1, max(_STRIP_PX, image.height // _STRIPS))
    sample = Image.new(image.mode, (image.width, _STRIP_PX * len(tops)))
    for place, top in enumerate(tops):
        sample.paste(image.crop((0, top, image.width, top + _STRIP_PX)), (0, place * _STRIP_PX))
    return sample


def _estimated_bytes(sample: Image.Image, image: Image.Image, encoding: Encoding) -> int:
    return math.ceil(len(write(sample, encoding)) * image.height / sample.height)
