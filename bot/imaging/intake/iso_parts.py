"""The boxes of an AVIF: what it says about its colours in numbers, which Pillow does not tell."""

from collections.abc import Iterator
from typing import Final

from bot.imaging.intake.colour_spaces import NOTHING_TOLD, ColourTags, told_by_numbers

_MAX_BOXES: Final = 2_000


def told_by_boxes(data: bytes) -> ColourTags:
    """By the primary picture's `colr` box; nothing where there is none, or the boxes are broken."""
    meta = _child(data, 0, len(data), b"meta")
    if meta is None:
        return NOTHING_TOLD
    start, end = meta[0] + 4, meta[1]
    properties = _child(data, start, end, b"iprp")
    if properties is None:
        return NOTHING_TOLD
    container = _child(data, *properties, b"ipco")
    if container is None:
        return NOTHING_TOLD
    owned = _owned(data, _primary(data, start, end), *properties)
    for number, (name, at, _) in enumerate(_boxes(data, *container), 1):
        if name == b"colr" and number in owned and data[at : at + 4] == b"nclx":
            return told_by_numbers(int.from_bytes(data[at + 4 : at + 6]), int.from_bytes(data[at + 6 : at + 8]))
    return NOTHING_TOLD


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


def _primary(data: bytes, at: int, end: int) -> int:
    box = _child(data, at, end, b"pitm")
    if box is None:
        return 0
    width = 2 if data[box[0]] == 0 else 4
    return int.from_bytes(data[box[0] + 4 : box[0] + 4 + width])


def _owned(data: bytes, item: int, at: int, end: int) -> frozenset[int]:
    """The numbers, from 1, of the properties that belong to an item."""
    box = _child(data, at, end, b"ipma")
    if box is None:
        return frozenset()
    (place, stop), version, wide = box, data[box[0]], data[box[0] + 3] & 1
    id_bytes, entry_bytes = (4 if version else 2), (2 if wide else 1)
    place += 8
    while place + id_bytes < stop:
        number, count = int.from_bytes(data[place : place + id_bytes]), data[place + id_bytes]
        place += id_bytes + 1
        entries = [data[one : one + entry_bytes] for one in range(place, place + count * entry_bytes, entry_bytes)]
        if number == item:
            mask = 0x7FFF if wide else 0x7F
            return frozenset(int.from_bytes(entry) & mask for entry in entries)
        place += count * entry_bytes
    return frozenset()
