"""The boxes of a HEIC or an AVIF: which items it has, what belongs to each and where its bytes stand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Self

_MAX_BOXES: Final = 5_000
_MAX_ITEMS: Final = 5_000

# HEVC breaks up three zeros in a row; AV1's codes may have some by chance.
_HOLES: Final = {b"hvc1": bytes(64), b"av01": bytes(2048)}


@dataclass(frozen=True, kw_only=True)
class Property:
    """Its body stands from `start` to `end`."""

    name: bytes
    start: int
    end: int


@dataclass(frozen=True)
class IsoMeta:
    """The `meta` box of a file. Broken boxes are as none, or raise IndexError."""

    data: bytes = field(repr=False)
    start: int
    end: int

    @classmethod
    def of(cls, data: bytes) -> Self | None:
        box = _child(data, 0, len(data), b"meta")
        return None if box is None else cls(data, box[0] + 4, box[1])

    @cached_property
    def primary(self) -> int:
        box = self.child(b"pitm")
        if box is None:
            return 0
        return self._number(box[0] + 4, 2 if self.data[box[0]] == 0 else 4)

    @cached_property
    def properties(self) -> Sequence[Property]:
        """They are called by their place, from 1."""
        box = self._in_properties(b"ipco")
        if box is None:
            return ()
        return [Property(name=name, start=at, end=end) for name, at, end in _boxes(self.data, *box)]

    @cached_property
    def shared(self) -> bytes:
        """All properties, as they are written."""
        box = self._in_properties(b"ipco")
        return b"" if box is None else self.data[box[0] : box[1]]

    def owned(self, item: int) -> Sequence[int]:
        """The places, from 1, of the properties that belong to an item, in their order; essential ones + 0x8000."""
        box = self._in_properties(b"ipma")
        if box is None:
            return ()
        (at, end), version, is_wide = box, self.data[box[0]], self.data[box[0] + 3] & 1
        id_bytes, entry_bytes = (4 if version else 2), (2 if is_wide else 1)
        at += 8
        while at + id_bytes < end:
            number, count = self._number(at, id_bytes), self.data[at + id_bytes]
            at += id_bytes + 1
            entries = [self._number(one, entry_bytes) for one in range(at, at + count * entry_bytes, entry_bytes)]
            if number == item:
                return entries if is_wide else [(entry & 0x80) << 8 | entry & 0x7F for entry in entries]
            at += count * entry_bytes
        return ()

    def owned_properties(self, item: int) -> Sequence[Property]:
        places = [entry & 0x7FFF for entry in self.owned(item)]
        return [self.properties[place - 1] for place in places if 0 < place <= len(self.properties)]

    @cached_property
    def kinds(self) -> dict[int, bytes]:
        """By item: `hvc1`, `grid` and so on."""
        box = self.child(b"iinf")
        if box is None:
            return {}
        start = box[0] + (6 if self.data[box[0]] == 0 else 8)
        found: dict[int, bytes] = {}
        for _, at, _ in _boxes(self.data, start, box[1]):
            id_bytes = 2 if self.data[at] < 3 else 4
            found[self._number(at + 4, id_bytes)] = self.data[at + 6 + id_bytes : at + 10 + id_bytes]
        return found

    def parts(self, item: int) -> Sequence[int]:
        """The items that it is made from, in their order."""
        box = self.child(b"iref")
        if box is None:
            return ()
        width = 2 if self.data[box[0]] == 0 else 4
        for name, at, end in _boxes(self.data, box[0] + 4, box[1]):
            if name == b"dimg" and self._number(at, width) == item:
                first, count = at + width + 2, self._number(at + width, 2)
                return [self._number(one, width) for one in range(first, min(first + count * width, end), width)]
        return ()

    @cached_property
    def places(self) -> dict[int, Sequence[range]]:
        """Where an item's bytes stand in the file; items that stand elsewhere are not there."""
        box, inside = self.child(b"iloc"), self.child(b"idat")
        return {} if box is None else dict(_Locations(self.data, *box, inside=inside[0] if inside else None))

    def bytes_of(self, item: int) -> bytes:
        return b"".join(self.data[place.start : place.stop] for place in self.places.get(item, ()))

    def has_holes(self) -> bool:
        """Zeros where pixels should stand, as in a file that was laid out and not written to its end."""
        items = self.parts(self.primary) or [self.primary]
        return any(
            self.data.find(_HOLES[self.kinds[item]], place.start, place.stop) >= 0
            for item in items
            if self.kinds.get(item) in _HOLES
            for place in self.places.get(item, ())
        )

    def child(self, name: bytes) -> tuple[int, int] | None:
        return _child(self.data, self.start, self.end, name)

    def _in_properties(self, name: bytes) -> tuple[int, int] | None:
        box = self.child(b"iprp")
        return None if box is None else _child(self.data, *box, name)

    def _number(self, at: int, width: int) -> int:
        return int.from_bytes(self.data[at : at + width])


class _Locations:
    """An `iloc` box, read from front to back. `inside`: where the bytes begin that stand within the `meta` box."""

    def __init__(self, data: bytes, at: int, end: int, *, inside: int | None) -> None:
        self._data, self._at, self._end = data, at, end
        self._origins = {0: 0} if inside is None else {0: 0, 1: inside}

    def __iter__(self) -> Iterator[tuple[int, Sequence[range]]]:
        version, _, sizes, more = self._take(1), self._take(3), self._take(1), self._take(1)
        index_bytes = more & 15 if version else 0
        for _ in range(min(self._take(4 if version == 2 else 2), _MAX_ITEMS)):
            item = self._take(4 if version == 2 else 2)
            origin = self._origins.get(self._take(2) & 15 if version else 0)
            is_here = self._take(2) == 0 and origin is not None
            base = self._take(more >> 4) + (origin or 0)
            extents: list[range] = []
            for _ in range(min(self._take(2), _MAX_ITEMS)):
                self._take(index_bytes)
                start = base + self._take(sizes >> 4)
                extents.append(range(start, start + self._take(sizes & 15)))
            if is_here:
                yield item, extents

    def _take(self, width: int) -> int:
        if self._at + width > self._end:
            raise IndexError("past the box")
        self._at += width
        return int.from_bytes(self._data[self._at - width : self._at])


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, and where the body begins and ends."""
    for _ in range(_MAX_BOXES):
        if at + 8 > end:
            return
        size, head = int.from_bytes(data[at : at + 4]), 8
        if size == 1:
            size, head = int.from_bytes(data[at + 8 : at + 16]), 16
        stop = end if size == 0 else min(at + size, end)
        if stop < at + head:
            return
        yield data[at + 4 : at + 8], at + head, stop
        at = stop


def _child(data: bytes, at: int, end: int, wanted: bytes) -> tuple[int, int] | None:
    return next(((start, stop) for name, start, stop in _boxes(data, at, end) if name == wanted), None)
