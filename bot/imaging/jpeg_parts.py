"""A JPEG's header, walked marker by marker, and what decoding it would cost."""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.imaging.colour_spaces import told_by_profile
from bot.imaging.exif import UPRIGHT, orientation_of
from bot.imaging.parts import Parts, rejected_as_damaged
from bot.imaging.rejection import PhotoRejected
from bot.skin.photo import RejectReason

_MAX_SEGMENTS: Final = 5_000
_MAX_PIXELS: Final = 210_000_000

# A progressive JPEG of 290 kB can hold 1,000 scans of 49 megapixels: seconds of CPU that no size limit sees.
# Ordinary files: 14 scans at most in 99 of 100, never more than 53.
_MAX_SCANS: Final = 100
_MAX_SCANNED_SAMPLES: Final = 2_400_000_000

# In several scans, all coefficients wait in memory (2 bytes each) until the last: a smaller scale doesn't help.
_MAX_WAITING_SAMPLES: Final = 78_000_000  # 48 megapixels as phones write them: 73 million

_SCAN: Final = b"\xff\xda"
_END: Final = b"\xff\xd9"
_SEGMENT_AMONG_SCANS: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_FRAMES: Final = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_ONE_PASS: Final = frozenset({0xC0, 0xC1})
_NO_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_NEEDED: Final = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xEE})


@dataclass(frozen=True, kw_only=True)
class _Segment:
    marker: int
    start: int
    body: bytes


def jpeg_parts(data: bytes) -> Parts:
    """Raises PhotoRejected for a header that can't be walked, and for one that announces more than we decode."""
    kept: list[bytes | memoryview] = [data[:2]]
    exif = b""
    profile: list[bytes] = []
    frame: _Segment | None = None
    for segment in _segments(data):
        if segment.marker == 0xDA:
            _refuse_by_cost(data, frame, segment)
            kept.append(memoryview(data)[segment.start :])
            orientation = orientation_of(exif) if exif else UPRIGHT
            return Parts(
                pixels=b"".join(kept),
                orientation=orientation,
                told=told_by_profile(b"".join(part[2:] for part in sorted(profile, key=lambda part: part[:1]))),
            )
        if segment.marker in _FRAMES:
            frame = segment
        if segment.marker in _NEEDED or (segment.marker == 0xE0 and segment.body.startswith(b"JFIF\x00")):
            kept.append(struct.pack(">BBH", 0xFF, segment.marker, len(segment.body) + 2) + segment.body)
        elif segment.marker == 0xE1 and not exif and segment.body.startswith(b"Exif\x00\x00"):
            exif = segment.body
        elif segment.marker == 0xE2 and segment.body.startswith(b"ICC_PROFILE\x00"):
            profile.append(segment.body[12:])
    raise rejected_as_damaged()


def _segments(data: bytes) -> Iterator[_Segment]:
    """Up to and with the first scan's header; what stands between segments is skipped, as libjpeg does."""
    at = 2
    for _ in range(_MAX_SEGMENTS):
        at = data.find(b"\xff", at)
        while at >= 0 and data[at + 1 : at + 2] == b"\xff":
            at += 1
        if at < 0 or at + 4 > len(data):
            return
        marker, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0 or marker in _NO_LENGTH:
            at += 2
            continue
        if size < 2 or marker == 0xD9:
            return
        yield _Segment(marker=marker, start=at, body=data[at + 4 : at + 2 + size])
        at += 2 + size


def _refuse_by_cost(data: bytes, frame: _Segment | None, scan: _Segment) -> None:
    """Walking through megabytes from scan to scan is left out where the first has all: no decoder reads another."""
    if frame is None or len(frame.body) < 6 or not scan.body:
        raise rejected_as_damaged()
    height, width, components = struct.unpack_from(">HHB", frame.body, 1)
    samples = _samples(frame.body, width * height, components)
    in_one_pass = frame.marker in _ONE_PASS and scan.body[0] == components
    scans = 1 if in_one_pass else _scans(data, scan.start)
    if scans > _MAX_SCANS:
        raise rejected_as_damaged()
    if width * height > _MAX_PIXELS or (
        not in_one_pass and (samples > _MAX_WAITING_SAMPLES or samples * scans > _MAX_SCANNED_SAMPLES)
    ):
        raise PhotoRejected(RejectReason.TOO_MANY_PIXELS)


def _scans(data: bytes, at: int) -> int:
    """How many a decoder would read: it stops where the picture ends, whatever follows (a phone's film, say)."""
    scans = 0
    while scans <= _MAX_SCANS and (marker := _SEGMENT_AMONG_SCANS.search(data, at)) and marker[0] != _END:
        scans += marker[0] == _SCAN
        at = marker.end() + int.from_bytes(data[marker.end() : marker.end() + 2], "big")
    return scans


def _samples(frame: bytes, pixels: int, components: int) -> int:
    """Of all components together; a colour that is sampled at every other pixel has fewer."""
    shares = [(factor >> 4) * (factor & 15) for factor in frame[7 : 6 + 3 * components : 3]]
    widest = max((factor >> 4 for factor in frame[7 : 6 + 3 * components : 3]), default=0)
    highest = max((factor & 15 for factor in frame[7 : 6 + 3 * components : 3]), default=0)
    if len(shares) != components or not widest * highest:
        raise rejected_as_damaged()
    return pixels * sum(shares) // (widest * highest)
