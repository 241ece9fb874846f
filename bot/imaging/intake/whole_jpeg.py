"""Is a JPEG whole? libjpeg fills what is lost with grey and only warns, and Pillow does not pass warnings on."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from PIL import Image, JpegImagePlugin

from bot.imaging.intake.parts import rejected_as_damaged

if TYPE_CHECKING:
    from PIL._imaging import PixelAccess

# All ones is no code of any table: what would need these bytes has lost its own. The decoder reads up to 8 ahead.
_NO_CODES: Final = b"\xff\x00" * 8
_END: Final = b"\xff\xd9"
_TAIL_BYTES: Final = 8


class WholeJpeg(JpegImagePlugin.JpegImageFile):
    """To load it raises PhotoRejected where the codes of a stretch are not just those that its blocks need.

    A stretch is a scan, or what stands in it between two restarts. The decoder gets it without its tail, then the tail,
    and after each it is seen what it waits for. That costs nothing: it is how the picture itself is decoded.
    """

    def __init__(self, data: bytes, codes: Sequence[range]) -> None:
        """`data` ends with its last scan, without an end marker; `codes`: where each stretch of codes stands in it."""
        self._data, self._codes = memoryview(data), codes
        super().__init__(io.BytesIO(data))

    def load(self) -> "PixelAccess | None":
        if self.tile:
            self.load_prepare()
            _, extents, _, args = self.tile[0]
            decoder = Image._getdecoder(self.mode, "jpeg", args, self.decoderconfig)  # noqa: SLF001 - as its parent does
            decoder.setimage(self.im, extents)
            try:
                self._decode(_Reader(decoder))
            finally:
                decoder.cleanup()
            self.tile, self.readonly = [], 0
        return super().load()

    def _decode(self, reader: "_Reader") -> None:
        done = 0
        for codes in self._codes:
            tail = max(codes.start, codes.stop - _TAIL_BYTES)
            reader.take(self._data[done : codes.start])
            reader.take(self._data[codes.start : tail])
            if tail > codes.start and reader.has_all_blocks and len(set(self._data[tail : codes.stop])) > 2:
                raise rejected_as_damaged()  # codes are left, for which there is no place; padding is none
            reader.take(bytes(self._data[tail : codes.stop]) + _NO_CODES)
            if not reader.has_all_blocks:
                raise rejected_as_damaged()
            done = codes.stop
        reader.take(_END)


class _Decoder(Protocol):
    """Pillow's: how many of the bytes it used, -1 when it needs no more; and what went wrong, or 0."""

    def decode(self, data: bytes | memoryview, /) -> tuple[int, int]: ...


class _Reader:
    """Hands bytes to a decoder, again those that it could not use yet."""

    def __init__(self, decoder: _Decoder) -> None:
        self._decoder = decoder
        self._unused = b""
        self._is_done = False

    def take(self, data: bytes | memoryview) -> None:
        """Raises OSError where it can't be decoded."""
        if self._is_done or not data:
            return
        if self._unused:
            data = self._unused + bytes(data)
        used, error = self._decoder.decode(data)
        if error:
            raise OSError("a broken JPEG")
        self._is_done = used < 0
        self._unused = b"" if used < 0 else bytes(data[used:])

    @property
    def has_all_blocks(self) -> bool:
        """Then it looks for a marker, and passes over any byte that is none.

        To codes it clings until it can read ahead as far as it wants to: one byte more is never enough.
        """
        if self._is_done or self._unused:
            return self._is_done
        used, _ = self._decoder.decode(b"\x00")
        return used == 1
