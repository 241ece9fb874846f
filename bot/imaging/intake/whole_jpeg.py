"""Is a JPEG whole? libjpeg fills what is lost with grey and only warns, and Pillow does not pass warnings on."""

import io
import random
import secrets
from typing import Final

from PIL import Image, JpegImagePlugin

from bot.imaging.intake.parts import rejected_as_damaged

# All ones is no code of any table: what would need these bytes has lost its own. The decoder reads up to 8 ahead.
_NO_CODES: Final = b"\xff\x00" * 8
STRANGE_CODES: Final = random.Random(0).randbytes(512).replace(b"\xff", b"\x7f")  # noqa: S311 - no secret
_END: Final = b"\xff\xd9"
_TAIL_BYTES: Final = 8
_SAMPLES: Final = 64


class WholeJpeg(JpegImagePlugin.JpegImageFile):
    """A picture of one scan. To load it raises PhotoRejected where its last row does not need just the scan's end.

    The decoder gets all but the scan's tail, then the tail, then the end marker, each when it asks for it. A whole
    picture asks for the tail and has written its last row with it. That costs one row that is decoded twice.
    """

    def __init__(self, data: bytes) -> None:
        """`data` ends with the scan, without an end marker."""
        self._tail = data[-_TAIL_BYTES:]
        self._pieces = [_END, self._tail + _NO_CODES, data[:-_TAIL_BYTES]]
        self._unwritten: list[object] = []
        super().__init__(io.BytesIO(data))

    def load_prepare(self) -> None:
        """In a colour that no picture has there by chance."""
        super().load_prepare()
        colour = tuple(secrets.token_bytes(len(self.getbands())))
        self.im.paste(colour if len(colour) > 1 else colour[0], (0, self.height - 1, self.width, self.height))
        self._unwritten = self._last_row()

    def load_read(self, read_bytes: int) -> bytes:  # noqa: ARG002 - the pieces have their own lengths
        if len(self._pieces) == 1 and self._last_row() == self._unwritten:
            raise rejected_as_damaged()
        return self._pieces.pop() if self._pieces else b""

    def load_end(self) -> None:
        """Complete before its tail came: codes are left over, for which there is no place. Padding is none."""
        if len(self._pieces) == 2 and len(set(self._tail)) > 2:
            raise rejected_as_damaged()

    def _last_row(self) -> list[object]:
        columns = range(0, self.width, max(1, self.width // _SAMPLES))
        return [self.im.getpixel((column, self.height - 1)) for column in columns]


def refuse_by_lost_codes(as_it_is: bytes, with_strange_codes: bytes, *, divisor: int) -> None:
    """For a picture of several scans, and the same with `STRANGE_CODES` behind each: a whole scan never sees them."""
    if _decoded(as_it_is, divisor) != _decoded(with_strange_codes, divisor):
        raise rejected_as_damaged()


def _decoded(data: bytes, divisor: int) -> bytes:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft(None, (image.width // divisor, image.height // divisor))
        image.decodermaxblock = len(data)
        return image.tobytes()
