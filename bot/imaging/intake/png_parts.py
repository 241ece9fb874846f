"""A PNG's chunks: the picture's own, what they say about its colours and which way up it is."""

import struct
import zlib
from typing import Final

from bot.imaging.intake.colour_spaces import (
    NOTHING_TOLD,
    SRGB,
    SRGB_CURVE,
    ColourTags,
    Primaries,
    curve_of,
    profile_of,
    told_by_numbers,
    told_by_profile,
)
from bot.imaging.intake.exif import UPRIGHT, orientation_of
from bot.imaging.intake.parts import FileParts, rejected_as_damaged
from bot.imaging.intake.scaling import refuse_by_shape

_SIGNATURE_BYTES: Final = 8
_AROUND_BYTES: Final = 12  # length, name and checksum
_MAX_CHUNKS: Final = 50_000
_MAX_PROFILE_BYTES: Final = 4_000_000
_NEEDED: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"CgBI"})
_WHOLE: Final = frozenset({b"IHDR", b"PLTE", b"IDAT"})
_COLOURS: Final = frozenset({b"cICP", b"iCCP", b"sRGB", b"gAMA", b"cHRM"})


def png_parts(data: bytes) -> FileParts:
    """Raises PhotoRejected when there are more chunks than any picture has, and where the picture's own are spoiled."""
    kept = [data[:_SIGNATURE_BYTES]]
    orientation, spoiled = UPRIGHT, False
    colours: dict[bytes, bytes] = {}
    at = _SIGNATURE_BYTES
    for _ in range(_MAX_CHUNKS):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + size]
        if name in _NEEDED:
            kept.append(data[at : at + _AROUND_BYTES + size])
            spoiled |= name in _WHOLE and zlib.crc32(body, zlib.crc32(name)) != int.from_bytes(kept[-1][8 + size :])
        elif name == b"eXIf":
            orientation = orientation_of(body)
        elif name in _COLOURS:
            colours.setdefault(name, body)
        at += _AROUND_BYTES + size
        if name == b"IEND" or at >= len(data):
            if spoiled:
                refuse_by_shape(*struct.unpack_from(">II", data, _SIGNATURE_BYTES + 8))
                raise rejected_as_damaged()
            return FileParts(pixels=b"".join(kept), orientation=orientation, told=_told(colours))
    raise rejected_as_damaged()


def _told(colours: dict[bytes, bytes]) -> ColourTags:
    """In the order of precedence of the PNG specification."""
    numbers = colours.get(b"cICP", b"")
    if len(numbers) == 4:
        return told_by_numbers(numbers[0], numbers[1])
    profile = _unpacked(colours[b"iCCP"]) if b"iCCP" in colours else b""
    if profile or b"sRGB" in colours:
        return told_by_profile(profile)
    return _told_by_gamma(colours.get(b"gAMA", b""), colours.get(b"cHRM", b""))


_UNIT: Final = 100_000
_SRGB_GAMMA: Final = range(45_000, 46_001)  # 1/2.2: how sRGB's curve is written here
_SENSIBLE_GAMMA: Final = range(10_000, 500_001)


def _told_by_gamma(gamma: bytes, chromaticities: bytes) -> ColourTags:
    exponent = int.from_bytes(gamma) if len(gamma) == 4 else 0
    primaries = _primaries(chromaticities)
    if exponent not in _SENSIBLE_GAMMA or exponent in _SRGB_GAMMA:
        return NOTHING_TOLD if primaries == SRGB else ColourTags(profile=profile_of(primaries, SRGB_CURVE))
    return ColourTags(profile=profile_of(primaries, curve_of(_UNIT / exponent)))


def _primaries(chromaticities: bytes) -> Primaries:
    """sRGB's for those that no colours can have."""
    if len(chromaticities) != 32:
        return SRGB
    values = [number / _UNIT for number in struct.unpack(">8I", chromaticities)]
    white, red, green, blue = zip(values[::2], values[1::2], strict=True)
    surface = (green[0] - red[0]) * (blue[1] - red[1]) - (blue[0] - red[0]) * (green[1] - red[1])
    if surface < 0.01 or min(y for _, y in (white, red, green)) < 0.01 or max(values) > 1:
        return SRGB
    return Primaries(red=red, green=green, blue=blue, white=white)


def _unpacked(body: bytes) -> bytes:
    """Behind its name and the number of the only method; nothing when it is broken or too large."""
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(body.partition(b"\x00")[2][1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if unpacker.eof else b""
