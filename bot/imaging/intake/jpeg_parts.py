"""A JPEG's header, walked marker by marker, and what decoding it would cost."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from bot.imaging.intake.colour_spaces import told_by_profile
from bot.imaging.intake.exif import UPRIGHT, orientation_of
from bot.imaging.intake.jpeg_scans import MAX_SCANS, Scan, only_scan, refuse_by_missing_bits, scans
from bot.imaging.intake.parts import FileParts, rejected_as_damaged
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.intake.scaling import refuse_by_shape
from bot.skin.photo import RejectReason

_MAX_SEGMENTS: Final = 5_000
_MAX_PIXELS: Final = 210_000_000

_MAX_SCANNED_SAMPLES: Final = 2_400_000_000

# In several scans, all coefficients wait in memory (2 bytes each) until the last: a smaller scale doesn't help.
_MAX_WAITING_SAMPLES: Final = 78_000_000  # 48 megapixels as phones write them: 73 million

_FRAMES: Final = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})  # 0xF7 is JPEG-LS
_ONE_PASS: Final = frozenset({0xC0, 0xC1})
_PROGRESSIVE: Final = 0xC2
_READ: Final = _ONE_PASS | {_PROGRESSIVE}
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

    def units(self, components: Sequence[int]) -> int:
        """What restarts are counted in, in a scan of these."""
        most_across, most_down = self._most
        across, down = 1, 1
        if len(components) == 1 and components[0] in self.names:
            across, down = self.factors[self.names.index(components[0])]
        return -(-self.width * across // (8 * most_across)) * -(-self.height * down // (8 * most_down))


def jpeg_parts(data: bytes) -> FileParts:
    """Raises PhotoRejected for a header that can't be walked, and for one that announces more than we decode."""
    kept = [data[:2]]
    orientation = UPRIGHT
    interval = 0
    parts_of_profile: list[bytes] = []
    frame: _Segment | None = None
    for segment in _segments(data):
        if segment.marker == 0xDA:
            pixels, codes = _pixels(data, b"".join(kept), _frame(frame), interval, segment)
            profile = b"".join(part[2:] for part in sorted(parts_of_profile, key=lambda part: part[:1]))
            return FileParts(pixels=pixels, codes=codes, orientation=orientation, told=told_by_profile(profile))
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


def _pixels(data: bytes, head: bytes, frame: _Frame, interval: int, scan: _Segment) -> tuple[bytes, tuple[range, ...]]:
    """And where each stretch of codes stands in them."""
    if not scan.body or scan.body[0] == 0:
        raise rejected_as_damaged()
    refuse_by_shape(frame.width, frame.height)
    if frame.marker in _ONE_PASS and scan.body[0] == len(frame.names):
        _refuse_by_cost(frame, 0)
        found = [only_scan(data, scan.start, interval)]
    else:
        found = list(islice(scans(data, scan.start, interval), MAX_SCANS + 1))
        _refuse_by_cost(frame, len(found))
    _refuse_by_lost_parts(data, frame, found)
    return _joined(data, head, found)


def _frame(segment: _Segment | None) -> _Frame:
    """Raises PhotoRejected for what no decoder here reads: 12 bits, lossless, two components, arithmetic codes.

    The last would be read, but nobody could tell whether a part is lost; no phone and no browser knows them.
    """
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


def _refuse_by_lost_parts(data: bytes, frame: _Frame, found: Sequence[Scan]) -> None:
    """Whole scans, or stretches of one: such a one takes the restarts in it along."""
    if frame.marker == _PROGRESSIVE:
        refuse_by_missing_bits(found, frame.names)
    for scan in found:
        if scan.interval and scan.restarts(data) < -(-frame.units(scan.components) // scan.interval) - 1:
            raise rejected_as_damaged()


def _joined(data: bytes, head: bytes, found: Sequence[Scan]) -> tuple[bytes, tuple[range, ...]]:
    """The pixels' own parts of the file, but for the end marker, and where each stretch of codes stands in them."""
    pieces: list[bytes | memoryview] = [head]
    codes: list[range] = []
    length = len(head)
    for scan in found:
        pieces += [scan.tables, memoryview(data)[scan.start : scan.end]]
        moved = length + len(scan.tables) - scan.start
        codes += [range(each.start + moved, each.stop + moved) for each in scan.stretches(data)]
        length = scan.end + moved
    return b"".join(pieces), tuple(codes)
