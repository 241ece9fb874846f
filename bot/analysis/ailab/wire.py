"""What goes over the wire and what comes back: a body that knows whether it was sent, and an end to long answers."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

import httpx

_MAX_ANSWER_BYTES: Final = 16_000_000  # nearly all of it are the maps
_CHUNK_BYTES: Final = 64 * 1024


class AnswerTooLong(Exception):
    """More came than any answer holds."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """The multipart body of a request, encoded once for all tries. The photo in it is the caller's own, not a copy."""

    parts: Sequence[bytes] = field(repr=False)
    content_type: str

    @property
    def length(self) -> int:
        return sum(map(len, self.parts))


def order_of(jpeg: bytes, *, check_quality: bool) -> Order:
    form = httpx.Request(
        "POST",
        "http://form",
        data={
            "face_quality_control": "1" if check_quality else "0",
            "return_rect_confidence": "1",
            "return_maps": "red_area",
        },
        files={"image": ("image.jpg", jpeg, "image/jpeg")},
    )
    return Order(parts=_parts(form, jpeg), content_type=form.headers["content-type"])


def _parts(form: httpx.Request, jpeg: bytes) -> list[bytes]:
    """What stands before the photo, the photo, and what stands behind it: to join them would be a copy of it."""
    if not isinstance(form.stream, httpx.SyncByteStream):
        raise TypeError("a form of bytes can be read at once")
    return [
        jpeg if is_photo else b"".join(around)
        for is_photo, around in groupby(form.stream, key=lambda part: part is jpeg)
    ]


class CountedUpload(httpx.AsyncByteStream):
    """A body that knows whether all of it was handed over: only then can the call have been charged.

    The kind of error does not tell: over aiohttp a connection dropped after the upload is a `ConnectTimeout`.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        self.handed_over = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._order.length
        for part in self._order.parts:
            for start in range(0, len(part), _CHUNK_BYTES):
                chunk = part[start : start + _CHUNK_BYTES]
                left -= len(chunk)
                self.handed_over = not left
                yield chunk


async def content_of(response: httpx.Response) -> bytes:
    """The body, up to 16 MB. Raises AnswerTooLong as soon as there is more."""
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _MAX_ANSWER_BYTES:
            raise AnswerTooLong
    return bytes(content)
