"""A TIFF's pages: the largest is the picture, and raw files of cameras, which are TIFFs, are known by theirs."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.imaging.intake.rejection import PhotoRejected
from bot.skin.photo import RejectReason

_MAX_PAGES: Final = 64
_MAX_TAGS: Final = 2_000
_WIDTH, _HEIGHT, _PHOTOMETRIC, _INSIDE, _DNG = 256, 257, 262, 330, 50706
_RAW: Final = frozenset({32803, 34892})  # a sensor's own values, and DNG's linear ones
_SIZES: Final = {1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 13: 4, 16: 8, 17: 8, 18: 8}


@dataclass(frozen=True, kw_only=True)
class _TiffPage:
    """`in_chain`: reached from page to page; others lie inside one, where the opener does not look."""

    at: int
    in_chain: bool
    tags: dict[int, tuple[int, ...]]

    @property
    def pixels(self) -> int:
        return self._first(_WIDTH) * self._first(_HEIGHT)

    @property
    def is_raw(self) -> bool:
        return self._first(_PHOTOMETRIC) in _RAW or _DNG in self.tags

    def _first(self, tag: int) -> int:
        return next(iter(self.tags.get(tag, ())), 0)


class _Layout:
    """Where things stand in a TIFF, and in one of more than 4 GB."""

    def __init__(self, data: bytes) -> None:
        order = "<" if data[:2] == b"II" else ">"
        self.is_big = struct.unpack_from(order + "H", data, 2)[0] == 43
        self.pointer_at = 8 if self.is_big else 4
        self.pointer = struct.Struct(order + ("Q" if self.is_big else "I"))
        self.count = struct.Struct(order + ("Q" if self.is_big else "H"))
        self.entry = struct.Struct(order + ("HHQ8s" if self.is_big else "HHI4s"))
        self.order = order


def with_largest_page_first(data: bytes) -> bytes:
    """Raises PhotoRejected for raw files, and where the largest picture is none of the pages that are opened."""
    try:
        layout = _Layout(data)
        pages = list(_pages(data, layout))
    except struct.error:
        return data  # the opener will say what is broken
    if not pages:
        return data
    largest = max(pages, key=lambda page: page.pixels)
    if any(page.is_raw for page in pages) or not largest.in_chain:
        raise PhotoRejected(RejectReason.UNSUPPORTED_FORMAT)
    if largest is pages[0]:
        return data
    at = layout.pointer_at
    return data[:at] + layout.pointer.pack(largest.at) + data[at + layout.pointer.size :]


def _pages(data: bytes, layout: _Layout) -> Iterator[_TiffPage]:
    """Each once, in their order; those inside a page behind it."""
    waiting = [(layout.pointer.unpack_from(data, layout.pointer_at)[0], True)]
    seen: set[int] = set()
    while waiting and len(seen) < _MAX_PAGES:
        at, in_chain = waiting.pop(0)
        if at == 0 or at in seen or at + layout.count.size > len(data):
            continue
        seen.add(at)
        (count,) = layout.count.unpack_from(data, at)
        entries = at + layout.count.size
        count = min(count, _MAX_TAGS, (len(data) - entries) // layout.entry.size)
        tags = dict(_tags(data, layout, entries, count))
        yield _TiffPage(at=at, in_chain=in_chain, tags=tags)
        after = entries + count * layout.entry.size
        if in_chain and after + layout.pointer.size <= len(data):
            waiting.append((layout.pointer.unpack_from(data, after)[0], True))
        waiting.extend((inside, False) for inside in tags.get(_INSIDE, ()))


def _tags(data: bytes, layout: _Layout, at: int, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Those that are asked for."""
    for index in range(count):
        tag, kind, number, value = layout.entry.unpack_from(data, at + index * layout.entry.size)
        size = _SIZES.get(kind)
        if tag not in {_WIDTH, _HEIGHT, _PHOTOMETRIC, _INSIDE, _DNG} or size is None or number == 0:
            continue
        number = min(number, _MAX_PAGES)
        if number * size > len(value):
            (place,) = layout.pointer.unpack(value)
            value = data[place : place + number * size]
        word = {1: "B", 2: "H", 4: "I", 8: "Q"}[size]
        yield tag, struct.unpack_from(f"{layout.order}{number}{word}", value)
