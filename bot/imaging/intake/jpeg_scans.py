"""A JPEG's scans behind its header: where each stands, how many there are and what of the picture they bring."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.imaging.intake.parts import rejected_as_damaged

# A progressive JPEG of 290 kB can hold 1,000 scans of 49 megapixels: seconds of CPU that no size limit sees.
# Ordinary files: 14 scans at most in 99 of 100, never more than 53.
MAX_SCANS: Final = 100

_START: Final = 0xDA
_RESTART_INTERVAL: Final = 0xDD
_TABLES: Final = frozenset({0xC4, 0xCC, 0xDB, _RESTART_INTERVAL})
_END: Final = b"\xff\xd9"
_MARKER: Final = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")
_RESTART: Final = re.compile(rb"\xff[\xd0-\xd7]")
_RESTARTS: Final = tuple(bytes((0xFF, number)) for number in range(0xD0, 0xD8))
_MAX_STRETCHES: Final = 2_000  # to look at more of them would cost more than to decode them
_COEFFICIENTS: Final = 64


@dataclass(frozen=True, kw_only=True)
class Scan:
    """It stands in a file from `start`, its codes from `codes` to `end`; `tables` are those before it.

    What stands between is left out, more scans perhaps. `interval`: of restarts, 0 for none.
    """

    tables: bytes = field(repr=False)
    header: bytes
    start: int
    codes: int
    end: int
    interval: int

    @property
    def components(self) -> bytes:
        """Their names."""
        return self.header[1:-3:2]

    def restarts(self, data: bytes) -> int:
        return sum(data.count(marker, self.codes, self.end) for marker in _RESTARTS)

    def stretches(self, data: bytes) -> list[range]:
        """Where codes stand without a restart between them; of very many the last only."""
        found = list(_RESTART.finditer(data, self.codes, self.end)) if self.interval else []
        starts = [self.codes, *(each.end() for each in found)]
        ends = [*(each.start() for each in found), self.end]
        every = [range(*both) for both in zip(starts, ends, strict=True)]
        return every if len(every) <= _MAX_STRETCHES else every[-1:]


def only_scan(data: bytes, at: int, interval: int) -> Scan:
    """No other is read behind it: to walk through its megabytes is left out."""
    header, codes = _header(data, at)
    end = _end_of_codes(data, codes)
    return Scan(tables=b"", header=header, start=at, codes=codes, end=end, interval=interval)


def scans(data: bytes, at: int, interval: int) -> Iterator[Scan]:
    """From the first scan's header on; a decoder stops where the picture ends, whatever follows (a phone's film)."""
    tables: list[bytes] = []
    for _ in range(10 * MAX_SCANS):
        name = data[at + 1]
        body, after = _header(data, at)
        marker = _MARKER.search(data, after)
        end = len(data) if marker is None else marker.start()
        if name == _START:
            if len(body) < 6:
                raise rejected_as_damaged()
            yield Scan(tables=b"".join(tables), header=body, start=at, codes=after, end=end, interval=interval)
            tables.clear()
        elif name in _TABLES:
            tables.append(data[at:after])
            interval = int.from_bytes(body[:2]) if name == _RESTART_INTERVAL else interval
        if marker is None or marker[0] == _END:
            return
        at = end


def _header(data: bytes, at: int) -> tuple[bytes, int]:
    """What a segment says, and where it ends."""
    end = min(at + 2 + int.from_bytes(data[at + 2 : at + 4]), len(data))
    return data[at + 4 : end], end


def _end_of_codes(data: bytes, at: int) -> int:
    """Where the next marker stands that is no restart."""
    marker = _MARKER.search(data, at)
    return len(data) if marker is None else marker.start()


def refuse_by_missing_bits(found: Sequence[Scan], components: Sequence[int]) -> None:
    """A progressive picture is whole when its scans brought every coefficient of every component to the last bit."""
    left = {(component, index) for component in components for index in range(_COEFFICIENTS)}
    for scan in found:
        first, last, bits = scan.header[-3:]
        if bits & 15 == 0:
            left -= {(component, index) for component in scan.components for index in range(first, last + 1)}
    if left:
        raise rejected_as_damaged()
