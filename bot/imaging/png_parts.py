"""A PNG's chunks: the picture's own, its colour profile and which way up it is."""

import zlib
from typing import Final

from bot.imaging.exif import UPRIGHT, orientation_of
from bot.imaging.parts import Parts, rejected_as_damaged

_SIGNATURE_BYTES: Final = 8
_AROUND_BYTES: Final = 12  # length, name and checksum
_MAX_CHUNKS: Final = 50_000
_MAX_PROFILE_BYTES: Final = 4_000_000
_NEEDED: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"CgBI"})


def png_parts(data: bytes) -> Parts:
    """Raises PhotoRejected when there are more chunks than any picture has."""
    kept = [data[:_SIGNATURE_BYTES]]
    orientation, packed_profile = UPRIGHT, b""
    at = _SIGNATURE_BYTES
    for _ in range(_MAX_CHUNKS):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if name in _NEEDED:
            kept.append(data[at : at + _AROUND_BYTES + size])
        elif name == b"eXIf":
            orientation = orientation_of(body)
        elif name == b"iCCP":
            packed_profile = body
        at += _AROUND_BYTES + size
        if name == b"IEND" or at >= len(data):
            profile = _unpacked(packed_profile) if packed_profile else b""
            return Parts(pixels=b"".join(kept), orientation=orientation, profile=profile)
    raise rejected_as_damaged()


def _unpacked(body: bytes) -> bytes:
    """Behind its name and the number of the only method; nothing when it is broken or too large."""
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(body.partition(b"\x00")[2][1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if unpacker.eof else b""
