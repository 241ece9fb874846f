"""A JPEG's header, walked marker by marker up to the first scan, and the frame that it announces."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.imaging.intake.parts import rejected_as_damaged
from bot.imaging.intake.rejection import PhotoRejected
from bot.skin.photo import RejectReason

_MAX_SEGMENTS: Final = 5_000

# In several scans, all coefficients wait in memory (2 bytes each) until the last: a smaller scale doesn't help.
MUCH_WAITING_SAMPLES: Final = 78_000_000  # 48 megapixels as phones write them: 73 million

SCAN: Final = 0xDA
_MAGIC: Final = b"\xff\xd8\xff"
FRAMES: Final = frozenset({*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC})  # 0xF7 is JPEG-LS
ONE_PASS: Final = frozenset({0xC0, 0xC1})
PROGRESSIVE: Final = 0xC2
_READ: Final = ONE_PASS | {PROGRESSIVE}
_COMPONENTS: Final = frozenset({1, 3, 4})
_NO_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, kw_only=True)
class Segment:
    marker: int
    start: int
    body: bytes


@dataclass(frozen=True, kw_only=True)
class JpegFrame:
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

    def waits(self, scan: Segment) -> bool:
        """Whether there are more scans than this first one."""
        return self.marker not in ONE_PASS or scan.body[:1] != bytes((len(self.names),))

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


def segments(data: bytes) -> Iterator[Segment]:
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
        yield Segment(marker=marker, start=at, body=data[at + 4 : at + 2 + size])
        at += 2 + size


def frame_of(segment: Segment | None) -> JpegFrame:
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
    return JpegFrame(width=width, height=height, marker=segment.marker, names=tuple(body[::3]), factors=tuple(factors))


def takes_much_memory(data: bytes) -> bool:
    """While it is decoded, for any file: judged by a header that may be broken."""
    frame: Segment | None = None
    for segment in segments(data) if data.startswith(_MAGIC) else ():
        if segment.marker in FRAMES:
            frame = segment
        elif segment.marker == SCAN:
            try:
                announced = frame_of(frame)
            except PhotoRejected:
                return False
            return announced.waits(segment) and announced.samples > MUCH_WAITING_SAMPLES
    return False
