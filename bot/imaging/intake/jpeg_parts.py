"""A JPEG's header, walked marker by marker, and what decoding it would cost."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.imaging.intake.colour_spaces import told_by_profile
from bot.imaging.intake.exif import UPRIGHT, orientation_of
from bot.imaging.intake.jpeg_scans import MAX_SCANS, end_of_codes, refuse_by_missing_bits, restarts, scans
from bot.imaging.intake.parts import FileParts, rejected_as_damaged
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.intake.scaling import refuse_by_shape
from bot.imaging.intake.whole_jpeg import STRANGE_CODES, refuse_by_lost_codes
from bot.skin.photo import RejectReason

_MAX_SEGMENTS: Final = 5_000
_MAX_PIXELS: Final = 210_000_000

_MAX_SCANNED_SAMPLES: Final = 2_400_000_000

# A picture of several scans is decoded twice more, small, to see whether it is whole; of a huge one only the means are.
_MAX_COMPARED_SAMPLES: Final = 400_000_000

# In several scans, all coefficients wait in memory (2 bytes each) until the last: a smaller scale doesn't help.
_MAX_WAITING_SAMPLES: Final = 78_000_000  # 48 megapixels as phones write them: 73 million

_END: Final = b"\xff\xd9"
_FRAMES: Final = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})  # 0xF7 is JPEG-LS
_ONE_PASS: Final = frozenset({0xC0, 0xC1})
_PROGRESSIVE: Final = frozenset({0xC2, 0xCA})
_READ: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})
_COMPONENTS: Final = frozenset({1, 3, 4})
_NO_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_NEEDED: Final = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xEE})


@dataclass(frozen=True, kw_only=True)
class _Segment:
    marker: int
    start: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """`factors`: how often each component is sampled, across and down."""

    width: int
    height: int
    marker: int
    names: tuple[int, ...]
    factors: tuple[tuple[int, int], ...]

    @property
    def samples(self) -> int:
        """Of all components together; a colour that is sampled at every other pixel has fewer."""
        across, down = self._most
        return self.width * self.height * sum(a * b for a, b in self.factors) // (across * down)

    @property
    def _most(self) -> tuple[int, int]:
        return max(across for across, _ in self.factors), max(down for _, down in self.factors)

    @property
    def units(self) -> int:
        """What restarts are counted in, where all components are in one scan."""
        across, down = self._most if len(self.factors) > 1 else (1, 1)
        return -(-self.width // (8 * across)) * -(-self.height // (8 * down))


def jpeg_parts(data: bytes) -> FileParts:
    """Raises PhotoRejected for a header that can't be walked, and for one that announces more than we decode."""
    kept = [data[:2]]
    orientation = UPRIGHT
    interval = 0
    parts_of_profile: list[bytes] = []
    frame: _Segment | None = None
    for segment in _segments(data):
        if segment.marker == 0xDA:
            pixels, in_one_scan = _pixels(data, b"".join(kept), _frame(frame), interval, segment)
            profile = b"".join(part[2:] for part in sorted(parts_of_profile, key=lambda part: part[:1]))
            return FileParts(
                pixels=pixels, in_one_scan=in_one_scan, orientation=orientation, told=told_by_profile(profile)
            )
        if segment.marker in _FRAMES:
            frame = segment
        elif segment.marker == 0xDD:
            interval = int.from_bytes(segment.body[:2])
        if segment.marker in _NEEDED or (segment.marker == 0xE0 and segment.body.startswith(b"JFIF\x00")):
            kept.append(struct.pack(">BBH", 0xFF, segment.marker, len(segment.body) + 2) + segment.body)
        elif segment.marker == 0xE1 and orientation == UPRIGHT and segment.body.startswith(b"Exif\x00\x00"):
            orientation = orientation_of(segment.body)
        elif segment.marker == 0xE2 and segment.body.startswith(b"ICC_PROFILE\x00"):
            parts_of_profile.append(segment.body[12:])
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


def _pixels(data: bytes, head: bytes, frame: _Frame, interval: int, scan: _Segment) -> tuple[bytes, bool]:
    """And whether all is in one scan."""
    if not scan.body or scan.body[0] == 0:
        raise rejected_as_damaged()
    refuse_by_shape(frame.width, frame.height)
    if frame.marker in _ONE_PASS and scan.body[0] == len(frame.names):
        _refuse_by_cost(frame, 0)
        return _one_scan(data, head, frame, interval, scan), True
    return _several_scans(data, head, frame, interval, scan), False


def _frame(segment: _Segment | None) -> _Frame:
    """Raises PhotoRejected for what no decoder here reads: 12 bits, lossless, two components, and what is no frame."""
    if segment is None or len(segment.body) < 6:
        raise rejected_as_damaged()
    bits, height, width, components = struct.unpack_from(">BHHB", segment.body)
    if bits != 8 or segment.marker not in _READ or components not in _COMPONENTS:
        raise PhotoRejected(RejectReason.UNSUPPORTED_FORMAT)
    body = segment.body[6 : 6 + 3 * components]
    factors = [(factor >> 4, factor & 15) for factor in body[1::3]]
    if len(factors) != components or not all(across and down for across, down in factors):
        raise rejected_as_damaged()
    return _Frame(width=width, height=height, marker=segment.marker, names=tuple(body[::3]), factors=tuple(factors))


def _refuse_by_cost(frame: _Frame, scans: int) -> None:
    if scans > MAX_SCANS:
        raise rejected_as_damaged()
    waiting = frame.samples if scans else 0
    if (
        frame.width * frame.height > _MAX_PIXELS
        or waiting > _MAX_WAITING_SAMPLES
        or waiting * scans > _MAX_SCANNED_SAMPLES
    ):
        raise PhotoRejected(RejectReason.TOO_MANY_PIXELS)


def _one_scan(data: bytes, head: bytes, frame: _Frame, interval: int, scan: _Segment) -> bytes:
    """Up to the end of its codes. Walking through megabytes is left out: no decoder reads another scan."""
    codes = scan.start + 4 + len(scan.body)
    end = end_of_codes(data, codes)
    _refuse_by_restarts(data, codes, end, frame, interval)
    return b"".join((head, memoryview(data)[scan.start : end]))


def _refuse_by_restarts(data: bytes, at: int, end: int, frame: _Frame, interval: int) -> None:
    """A lost stretch takes the restarts in it along."""
    if interval and restarts(data, at, end) < -(-frame.units // interval) - 1:
        raise rejected_as_damaged()


def _several_scans(data: bytes, head: bytes, frame: _Frame, interval: int, scan: _Segment) -> bytes:
    found = list(islice(scans(data, scan.start), MAX_SCANS + 1))
    _refuse_by_cost(frame, len(found))
    if scan.body[0] == len(frame.names):
        _refuse_by_restarts(found[0].data, 0, len(found[0].data), frame, interval)
    if frame.marker in _PROGRESSIVE:
        refuse_by_missing_bits(found, frame.names)
    is_affordable = frame.samples * len(found) <= _MAX_COMPARED_SAMPLES
    telling = found if is_affordable else [one for one in found if one.is_first_of_means]
    codes = [one.data for one in telling]
    refuse_by_lost_codes(
        b"".join((head, *codes, _END)),
        b"".join((head, *(one + STRANGE_CODES for one in codes), _END)),
        divisor=2 if is_affordable else 8,
    )
    return b"".join((head, *(one.data for one in found), _END))
