"""Which way up a photo is held.

Read here and not by Pillow: its reader copies whatever the tags point at, so that 65,535 tags on the same 20 MB are a
bomb, and bad EXIF in a good picture makes it raise.
"""

import struct
from typing import Final

UPRIGHT: Final = 1
_ORIENTATION_TAG: Final = 0x0112
_SHORT: Final = 3
_MAX_TAGS: Final = 2_000


def orientation_of(exif: bytes) -> int:
    """1..8 as in EXIF; upright when the block is broken or says nothing."""
    try:
        return _orientation(exif.removeprefix(b"Exif\x00\x00"))
    except struct.error:
        return UPRIGHT


def _orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    (start,) = struct.unpack_from(order + "I", tiff, 4)
    (count,) = struct.unpack_from(order + "H", tiff, start)
    for index in range(min(count, _MAX_TAGS)):
        tag, kind, _, value = struct.unpack_from(order + "HHIH", tiff, start + 2 + index * 12)
        if tag == _ORIENTATION_TAG:
            return value if kind == _SHORT and 1 <= value <= 8 else UPRIGHT
    return UPRIGHT
