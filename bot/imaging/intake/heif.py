"""A HEIC's pixels in bands: a whole picture of Pillow's beside the decoder's would double what it takes."""

from typing import TYPE_CHECKING, Final

from PIL import Image

from bot.imaging.intake.heif_tiles import HeifTiles, tiles_of
from bot.imaging.intake.parts import rejected_as_damaged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pillow_heif import HeifFile

_TILED_FROM_PIXELS: Final = 4_000_000  # smaller ones take little
_MAX_TILE_PIXELS: Final = 4_200_000
_MAX_PIXELS_IN_FULL_DEPTH: Final = 24_000_000  # as a whole: 6 bytes for each
_ROWS_KEPT: Final = 2
_DEEP: Final = {"RGB;16": "RGB;16L"}  # of 16 bits Pillow leaves out the lower eight


class Heif:
    """A file's first picture. Broken files raise whatever the decoder raises.

    `size` is that of the upright picture; one that is made of `bands` comes to it by `turns`.
    """

    def __init__(self, data: bytes) -> None:
        self._data, self._file = data, _opened(data)
        self.size, self.mode = self._file.size, self._file.mode
        self.info: Mapping[str, object] = self._file.info
        self.turns: tuple[Image.Transpose, ...] = ()

    def bands(self, *, is_hdr: bool) -> "WholeHeif | TiledHeif":
        """`is_hdr`: rounded to 8 bits by the decoder, its red and blue would lose a step, which is 4 degrees of hue."""
        pixels = self.size[0] * self.size[1]
        tiles = tiles_of(self._data) if self.mode == "RGB" and pixels > _TILED_FROM_PIXELS else None
        if tiles is not None and _upright_size(tiles) == self.size:
            self.turns = tiles.turns
            return TiledHeif(tiles, in_full_depth=is_hdr)
        if is_hdr and self.mode == "RGB" and pixels <= _MAX_PIXELS_IN_FULL_DEPTH:
            return WholeHeif(_opened(self._data, in_full_depth=True))
        return WholeHeif(self._file)


class WholeHeif:
    """Decoded as one, and taken over band by band."""

    def __init__(self, file: "HeifFile") -> None:
        self._file = file
        self._pixels = memoryview(file.data)
        self.size = self.width, self.height = file.size
        self.mode = _mode(file)

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = box
        stride = self._file.stride
        rows = self._pixels[top * stride : bottom * stride]
        return _image(self._file, rows, bottom - top).crop((left, 0, right, bottom - top))


class TiledHeif:
    """Never more of it is decoded than a row of tiles."""

    mode = "RGB"

    def __init__(self, tiles: HeifTiles, *, in_full_depth: bool) -> None:
        self._tiles, self._in_full_depth = tiles, in_full_depth
        self.size = self.width, self.height = tiles.size
        self._tile_size = _opened(tiles.file(0)).size
        across, down = self._tile_size
        rows = len(tiles.items) // tiles.columns
        if across * down > _MAX_TILE_PIXELS or across * tiles.columns < self.width or down * rows < self.height:
            raise rejected_as_damaged()
        self._rows: dict[int, Image.Image] = {}

    def crop(self, box: tuple[int, int, int, int]) -> Image.Image:
        left, top, right, bottom = box
        down = self._tile_size[1]
        band = Image.new(self.mode, (self.width, bottom - top))
        for row in range(top // down, -(-bottom // down)):
            band.paste(self._row(row), (0, row * down - top))
        return band.crop((left, 0, right, bottom - top))

    def _row(self, number: int) -> Image.Image:
        """The last ones are kept: bands need not end where tiles do."""
        if number not in self._rows:
            while len(self._rows) >= _ROWS_KEPT:
                del self._rows[min(self._rows)]
            self._rows[number] = self._decoded(number)
        return self._rows[number]

    def _decoded(self, row: int) -> Image.Image:
        columns, (across, down) = self._tiles.columns, self._tile_size
        image = Image.new(self.mode, (columns * across, down))
        for column in range(columns):
            tile = _opened(self._tiles.file(row * columns + column), in_full_depth=self._in_full_depth)
            if tile.size != self._tile_size or _mode(tile) != self.mode:
                raise rejected_as_damaged()
            image.paste(_image(tile, memoryview(tile.data), down), (column * across, 0))
        return image


def _opened(data: bytes, *, in_full_depth: bool = False) -> "HeifFile":
    import pillow_heif  # noqa: PLC0415 - 13 ms and 4 MB, for who sends HEIC

    return pillow_heif.open_heif(data, convert_hdr_to_8bit=not in_full_depth, remove_stride=False)


def _mode(file: "HeifFile") -> str:
    mode: str = file.mode
    return mode.removesuffix(";16") if mode in _DEEP else mode


def _image(file: "HeifFile", rows: memoryview, height: int) -> Image.Image:
    raw = _DEEP.get(file.mode, file.mode)
    return Image.frombuffer(_mode(file), (file.size[0], height), bytes(rows), "raw", raw, file.stride, 1)


def _upright_size(tiles: HeifTiles) -> tuple[int, int]:
    lies = sum(turn in {Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270} for turn in tiles.turns) % 2
    return tiles.size[::-1] if lies else tiles.size
