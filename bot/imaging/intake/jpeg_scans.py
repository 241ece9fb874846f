"""A JPEG's scans behind its header: where each ends, how many there are and what of the picture they bring."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.imaging.intake.parts import rejected_as_damaged

# A progressive JPEG of 290 kB can hold 1,000 scans of 49 megapixels: seconds of CPU that no size limit sees.
# Ordinary files: 14 scans at most in 99 of 100, never more than 53.
MAX_SCANS: Final = 100

_START: Final = 0xDA
_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, 0xDD})
_END: Final = b"\xff\xd9"
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_RESTARTS: Final = tuple(bytes((0xFF, number)) for number in range(0xD0, 0xD8))
_COEFFICIENTS: Final = 64


@dataclass(frozen=True, kw_only=True)
class Scan:
    """`data` is the tables before it, its header and its codes: what stands between is left out, more scans perhaps."""

    data: bytes = field(repr=False)
    header: bytes

    @property
    def is_first_of_means(self) -> bool:
        """Of a progressive picture: each block's mean, for the first time."""
        return self.header[-3] == 0 and self.header[-1] >> 4 == 0


def end_of_codes(data: bytes, at: int) -> int:
    """Where the next marker stands that is no restart; counting is ten times as fast as looking at each."""
    end = data.find(_END, at)
    end = len(data) if end < 0 else end
    inside = sum(data.count(marker, at, end) for marker in (b"\xff\x00", *_RESTARTS))
    if data.count(b"\xff", at, end) == inside:
        return end
    marker = _MARKER.search(data, at, end)
    return end if marker is None else marker.start()


def restarts(data: bytes, at: int, end: int) -> int:
    return sum(data.count(marker, at, end) for marker in _RESTARTS)


def scans(data: bytes, at: int) -> Iterator[Scan]:
    """From the first scan's header on; a decoder stops where the picture ends, whatever follows (a phone's film)."""
    kept: list[bytes] = []
    for _ in range(10 * MAX_SCANS):
        size = int.from_bytes(data[at + 2 : at + 4])
        header = data[at + 4 : at + 2 + size]
        marker = _MARKER.search(data, at + 2 + size)
        end = len(data) if marker is None else marker.start()
        if data[at + 1] == _START:
            if len(header) < 6:
                raise rejected_as_damaged()
            yield Scan(data=b"".join((*kept, data[at:end])), header=header)
            kept.clear()
        elif data[at + 1] in _TABLES:
            kept.append(data[at : at + 2 + size])
        if marker is None or marker[0] == _END:
            return
        at = end


def refuse_by_missing_bits(found: Sequence[Scan], components: Sequence[int]) -> None:
    """A progressive picture is whole when its scans brought every coefficient of every component to the last bit."""
    left = {(component, index) for component in components for index in range(_COEFFICIENTS)}
    for scan in found:
        first, last, bits = scan.header[-3:]
        if bits & 15 == 0:
            named = scan.header[1:-3:2]
            left -= {(component, index) for component in named for index in range(first, last + 1)}
    if left:
        raise rejected_as_damaged()
