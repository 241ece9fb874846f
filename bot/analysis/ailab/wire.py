"""What goes over the wire and what comes back: a body that knows whether it was sent, and an end to long answers."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

import httpx

_MAX_ANSWER_BYTES: Final = 32_000_000
_CHUNK_BYTES: Final = 64 * 1024


class TooLong(Exception):
    """More came than any answer holds."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """The multipart body of a request, encoded once for all tries."""

    body: bytes
    content_type: str


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
    return Order(body=form.read(), content_type=form.headers["content-type"])


class Upload(httpx.AsyncByteStream):
    """A body that knows whether all of it was handed over: only then can the call have been charged.

    The kind of error does not tell: over aiohttp a connection dropped after the upload is a `ConnectTimeout`.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.handed_over = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self._body), _CHUNK_BYTES):
            self.handed_over = start + _CHUNK_BYTES >= len(self._body)
            yield self._body[start : start + _CHUNK_BYTES]


async def content_of(response: httpx.Response) -> bytes:
    """The body, up to 32 MB. Raises TooLong as soon as there is more."""
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _MAX_ANSWER_BYTES:
            raise TooLong
    return bytes(content)
