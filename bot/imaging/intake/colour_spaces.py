"""What a file says about its colours without an ICC profile, made into one: H.273's numbers, or PNG's gAMA and cHRM."""

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from typing import Final, TypeAlias

Point: TypeAlias = tuple[float, float]
Matrix: TypeAlias = tuple[tuple[float, float, float], ...]

PQ: Final = 16
HLG: Final = 18
_HDR: Final = frozenset({PQ, HLG})
_D65: Final = (0.3127, 0.3290)
SRGB_CURVE: Final = tuple(
    value / 12.92 if value <= 0.04045 else math.pow((value + 0.055) / 1.055, 2.4)
    for value in (code / 255 for code in range(256))
)


@dataclass(frozen=True, kw_only=True)
class Primaries:
    """Chromaticities of the three colours and of white."""

    red: Point
    green: Point
    blue: Point
    white: Point = _D65


SRGB: Final = Primaries(red=(0.64, 0.33), green=(0.30, 0.60), blue=(0.15, 0.06))
_PRIMARIES: Final = {
    9: Primaries(red=(0.708, 0.292), green=(0.170, 0.797), blue=(0.131, 0.046)),  # BT.2020
    11: Primaries(red=(0.680, 0.320), green=(0.265, 0.690), blue=(0.150, 0.060), white=(0.314, 0.351)),  # cinema's P3
    12: Primaries(red=(0.680, 0.320), green=(0.265, 0.690), blue=(0.150, 0.060)),  # Display P3
}

# The curves of television (1, 6, 14, 15) are not here: phones write them beside pixels that are sRGB's, and every
# viewer shows these so. The same goes for the primaries of television in SD (5, 6).
_GAMMAS: Final = {4: 2.2, 5: 2.8, 8: 1.0, 17: 2.6}


@dataclass(frozen=True, kw_only=True)
class Hdr:
    """A picture whose lightest white is far above paper's: `transfer` is PQ's or HLG's number."""

    primaries: Primaries
    transfer: int


@dataclass(frozen=True, kw_only=True)
class ColourTags:
    """What a file says of its colours; nothing said is sRGB."""

    profile: bytes = field(default=b"", repr=False)
    hdr: Hdr | None = None


NOTHING_TOLD: Final = ColourTags()


def told_by_numbers(primaries: int, transfer: int) -> ColourTags:
    """ITU-T H.273's, as they stand in HEIC, AVIF, PNG's cICP and new ICC profiles."""
    known = _PRIMARIES.get(primaries, SRGB)
    if transfer in _HDR:
        return ColourTags(hdr=Hdr(primaries=known, transfer=transfer))
    gamma = _GAMMAS.get(transfer)
    if gamma is None:
        return NOTHING_TOLD if known == SRGB else ColourTags(profile=profile_of(known, SRGB_CURVE))
    return ColourTags(profile=profile_of(known, curve_of(gamma)))


def told_by_profile(profile: bytes) -> ColourTags:
    """A profile may say with the same numbers that it stands for HDR, which its tables can't hold."""
    numbers = _tag(profile, b"cicp")
    if len(numbers) >= 10 and numbers[9] in _HDR:
        return told_by_numbers(numbers[8], numbers[9])
    return ColourTags(profile=profile)


def profile_of(primaries: Primaries, curve: Sequence[float]) -> bytes:
    """An ICC profile; `curve`: the light of codes at even steps, all 0..1."""
    to_xyz = _adapted_to_d50(to_xyz_of(primaries), primaries.white)
    curve_tag = (
        b"curv" + bytes(4) + struct.pack(f">I{len(curve)}H", len(curve), *(round(65_535 * light) for light in curve))
    )
    columns = zip((b"rXYZ", b"gXYZ", b"bXYZ"), zip(*to_xyz, strict=True), strict=True)
    tags = {b"wtpt": _xyz_tag(_D50), **{name: _xyz_tag(column) for name, column in columns}}
    return _icc(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve_tag))


def curve_of(gamma: float) -> list[float]:
    return [math.pow(code / 255, gamma) for code in range(256)]


@cache
def to_xyz_of(primaries: Primaries) -> Matrix:
    """From linear RGB, white being (1, 1, 1), to XYZ."""
    columns = [_xyz(point) for point in (primaries.red, primaries.green, primaries.blue)]
    matrix: Matrix = tuple(zip(*columns, strict=True))
    shares = times(inverted(matrix), _xyz(primaries.white))
    return tuple((a * shares[0], b * shares[1], c * shares[2]) for a, b, c in matrix)


def product(one: Matrix, other: Matrix) -> Matrix:
    columns = [times(one, column) for column in zip(*other, strict=True)]
    return tuple(zip(*columns, strict=True))


def times(matrix: Matrix, vector: Sequence[float]) -> tuple[float, float, float]:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def inverted(matrix: Matrix) -> Matrix:
    """By cofactors. Raises ZeroDivisionError where primaries lie on one line."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (
        ((e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole),
        ((f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole),
        ((d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole),
    )


_D50: Final = (0.9642, 1.0, 0.8249)
_BRADFORD: Final = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))


def _adapted_to_d50(to_xyz: Matrix, white: Point) -> Matrix:
    ours, theirs = times(_BRADFORD, _xyz(white)), times(_BRADFORD, _D50)
    x, y, z = (new / old for new, old in zip(theirs, ours, strict=True))
    scaled = product(((x, 0.0, 0.0), (0.0, y, 0.0), (0.0, 0.0, z)), product(_BRADFORD, to_xyz))
    return product(inverted(_BRADFORD), scaled)


def _xyz(point: Point) -> tuple[float, float, float]:
    x, y = point
    return x / y, 1.0, (1 - x - y) / y


def _xyz_tag(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(values)


def _fixed(values: Sequence[float]) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65_536) for value in values))


def _icc(tags: dict[bytes, bytes]) -> bytes:
    at = 128 + 4 + 12 * len(tags)
    entries, bodies = [struct.pack(">I", len(tags))], []
    for name, body in tags.items():
        entries.append(name + struct.pack(">II", at, len(body)))
        bodies.append(body)
        at += len(body)
    header = bytes(4) + struct.pack(">I", 0x02100000) + b"mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28) + _fixed(_D50)
    return b"".join(chain([struct.pack(">I", at), header, bytes(124 - len(header))], entries, bodies))


def _tag(profile: bytes, name: bytes) -> bytes:
    """Nothing where the profile has no such tag, or is broken."""
    count = min(int.from_bytes(profile[128:132], "big"), 100)
    for entry in (profile[at : at + 12] for at in range(132, 132 + 12 * count, 12)):
        if entry[:4] == name:
            at, size = (int.from_bytes(entry[place : place + 4], "big") for place in (4, 8))
            return profile[at : at + size]
    return b""
