"""A HEIC of many tiles, as phones write theirs: each tile as a file of its own.

Decoded as a whole, 48 megapixels take 340 MB; tile by tile, what the picture takes that is made of them.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from PIL import Image

from bot.imaging.intake.iso_meta import IsoMeta

_MAX_TILES: Final = 2_000
_MAX_PROPERTIES_BYTES: Final = 1_000_000  # they are in each tile's file
_FILE_TYPE: Final = struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1")
_PICTURES: Final = struct.pack(">II4s12xB", 0, 0, b"pict", 0)
_TURNS: Final = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
_MIRRORINGS: Final = (Image.Transpose.FLIP_TOP_BOTTOM, Image.Transpose.FLIP_LEFT_RIGHT)
_UNDERSTOOD: Final = frozenset({b"ispe", b"pixi", b"colr", b"pasp", b"clli", b"mdcv", b"irot", b"imir"})
_ESSENTIAL: Final = 0x8000


@dataclass(frozen=True, kw_only=True)
class HeifTiles:
    """`turns`: what has to be done to the picture of `size` that they make."""

    meta: IsoMeta = field(repr=False)
    items: Sequence[int]
    columns: int
    size: tuple[int, int]
    turns: tuple[Image.Transpose, ...]

    def file(self, number: int) -> bytes:
        """Counted row by row, from 0. Raises LookupError where it is missing."""
        meta, item = self.meta, self.items[number]
        data = meta.bytes_of(item)
        start = len(_FILE_TYPE) + len(self._described(item, 0, len(data))) + 8
        return b"".join((_FILE_TYPE, self._described(item, start, len(data)), _box(b"mdat", data)))

    def _described(self, item: int, start: int, size: int) -> bytes:
        """The `meta` box of a file that has this item only, from `start` on."""
        owned = [*self.meta.owned(item), *self._numbers_of_colours(item)]
        owners = struct.pack(f">IIHB{len(owned)}H", 1, 1, 1, len(owned), *owned)
        return _box(
            b"meta",
            bytes(4),
            _box(b"hdlr", _PICTURES),
            _box(b"pitm", struct.pack(">IH", 0, 1)),
            _box(b"iinf", struct.pack(">IH", 0, 1), _box(b"infe", struct.pack(">IHH4sB", 2 << 24, 1, 0, b"hvc1", 0))),
            _box(b"iprp", _box(b"ipco", self.meta.shared), _box(b"ipma", owners)),
            _box(b"iloc", struct.pack(">IBBHHHHII", 0, 0x44, 0, 1, 1, 0, 1, start, size)),
        )

    def _numbers_of_colours(self, item: int) -> list[int]:
        """The whole picture's, where the tile has none of its own."""
        meta = self.meta
        if any(_says_numbers(meta, entry) for entry in meta.owned(item)):
            return []
        return [entry for entry in meta.owned(meta.primary) if _says_numbers(meta, entry)]


def tiles_of(data: bytes) -> HeifTiles | None:
    """None where the file is no plain grid: it is decoded as a whole then."""
    try:
        meta = IsoMeta.of(data)
        if meta is None or meta.kinds.get(meta.primary) != b"grid":
            return None
        items, (columns, rows, size) = meta.parts(meta.primary), _grid(meta.bytes_of(meta.primary))
        names = {each.name for each in meta.owned_properties(meta.primary)}
        is_plain = (
            0 < len(items) == columns * rows <= _MAX_TILES
            and names <= _UNDERSTOOD
            and len(meta.shared) <= _MAX_PROPERTIES_BYTES
            and all(meta.kinds.get(item) == b"hvc1" and meta.places.get(item) for item in items)
        )
        turns = tuple(_turns(meta))
        return HeifTiles(meta=meta, items=items, columns=columns, size=size, turns=turns) if is_plain else None
    except IndexError:
        return None


def _grid(told: bytes) -> tuple[int, int, tuple[int, int]]:
    """Columns, rows, and the size of the picture that is cut out of them."""
    width_bytes = 4 if told[1] & 1 else 2
    middle, end = 4 + width_bytes, 4 + 2 * width_bytes
    return told[3] + 1, told[2] + 1, (int.from_bytes(told[4:middle]), int.from_bytes(told[middle:end]))


def _turns(meta: IsoMeta) -> Iterator[Image.Transpose]:
    """In the order of the properties; by quarters counter-clockwise."""
    for each in meta.owned_properties(meta.primary):
        told = meta.data[each.start]
        if each.name == b"irot" and told & 3:
            yield _TURNS[(told & 3) - 1]
        elif each.name == b"imir":
            yield _MIRRORINGS[told & 1]


def _says_numbers(meta: IsoMeta, entry: int) -> bool:
    place = entry & ~_ESSENTIAL
    if not 0 < place <= len(meta.properties):
        return False
    told = meta.properties[place - 1]
    return told.name == b"colr" and meta.data[told.start : told.start + 4] == b"nclx"


def _box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), name) + body
