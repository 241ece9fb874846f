"""A WebP's chunks: what is to be known of them before a decoder sees them."""

from collections.abc import Iterator
from typing import Final

from bot.imaging.intake.parts import rejected_as_damaged
from bot.imaging.intake.rejection import PhotoRejected
from bot.skin.photo import RejectReason

_MAX_CHUNKS: Final = 100
_HOLE: Final = bytes(4096)  # lossy codes never are zeros for so long


def refuse_webp(data: bytes, *, most_pixels: int) -> None:
    """For its canvas, for which Pillow takes memory before it can be asked; and for a hole in its first picture,
    which the decoder fills and does not tell of."""
    if data[12:16] == b"VP8X":
        width, height = (int.from_bytes(data[at : at + 3], "little") + 1 for at in (24, 27))
        if width * height > most_pixels:
            raise PhotoRejected(RejectReason.TOO_MANY_PIXELS)
    for name, start, end in _chunks(data):
        if name == b"VP8 " and data.find(_HOLE, start, end) >= 0:
            raise rejected_as_damaged()


def _chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, and where the body begins and ends."""
    at = 12
    for _ in range(_MAX_CHUNKS):
        start, size = at + 8, int.from_bytes(data[at + 4 : at + 8], "little")
        if start > len(data):
            return
        yield data[at : at + 4], start, start + size
        at = start + size + size % 2
