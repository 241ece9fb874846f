"""A JPEG's header, walked marker by marker, and what decoding it would cost."""

import struct
from collections.abc import Sequence
from itertools import islice
from typing import Final

from bot.imaging.intake.colour_spaces import told_by_profile
from bot.imaging.intake.exif import UPRIGHT, orientation_of
from bot.imaging.intake.jpeg_header import FRAMES, PROGRESSIVE, SCAN, JpegFrame, Segment, frame_of, segments
from bot.imaging.intake.jpeg_scans import MAX_SCANS, Scan, only_scan, refuse_by_missing_bits, scans
from bot.imaging.intake.parts import FileParts, rejected_as_damaged
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.intake.scaling import refuse_by_shape
from bot.skin.photo import RejectReason

_MAX_PIXELS: Final = 210_000_000

_MAX_SCANNED_SAMPLES: Final = 2_400_000_000

_MAX_WAITING_SAMPLES: Final = 112_000_000  # 73 megapixels with half the colours, 37 with all

_NEEDED: Final = frozenset({*range(0xC0, 0xD0), 0xDB, 0xDC, 0xDD, 0xEE})


def jpeg_parts(data: bytes) -> FileParts:
    """Raises PhotoRejected for a header that can't be walked, and for one that announces more than we decode."""
    kept = [data[:2]]
    orientation = UPRIGHT
    interval = 0
    parts_of_profile: list[bytes] = []
    frame: Segment | None = None
    for segment in segments(data):
        if segment.marker == SCAN:
            pixels, codes = _pixels(data, b"".join(kept), frame_of(frame), interval, segment)
            profile = b"".join(part[2:] for part in sorted(parts_of_profile, key=lambda part: part[:1]))
            return FileParts(pixels=pixels, codes=codes, orientation=orientation, told=told_by_profile(profile))
        if segment.marker in FRAMES:
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


def _pixels(
    data: bytes, head: bytes, frame: JpegFrame, interval: int, scan: Segment
) -> tuple[bytes, tuple[range, ...]]:
    """And where each stretch of codes stands in them."""
    if not scan.body or scan.body[0] == 0:
        raise rejected_as_damaged()
    refuse_by_shape(frame.width, frame.height)
    if frame.waits(scan):
        found = list(islice(scans(data, scan.start, interval), MAX_SCANS + 1))
        _refuse_by_cost(frame, len(found))
    else:
        _refuse_by_cost(frame, 0)
        found = [only_scan(data, scan.start, interval)]
    _refuse_by_lost_parts(data, frame, found)
    return _joined(data, head, found)


def _refuse_by_cost(frame: JpegFrame, scans: int) -> None:
    if scans > MAX_SCANS:
        raise rejected_as_damaged()
    waiting = frame.samples if scans else 0
    if (
        frame.width * frame.height > _MAX_PIXELS
        or waiting > _MAX_WAITING_SAMPLES
        or waiting * scans > _MAX_SCANNED_SAMPLES
    ):
        raise PhotoRejected(RejectReason.TOO_MANY_PIXELS)


def _refuse_by_lost_parts(data: bytes, frame: JpegFrame, found: Sequence[Scan]) -> None:
    """Whole scans, or stretches of one: such a one takes the restarts in it along."""
    if frame.marker == PROGRESSIVE:
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
