"""python-telegram-bot's requests over aiohttp alone.

The library's own way, httpx, costs more CPU a request than aiohttp does, also over aiohttp's connections
(docs/decisions.md).
"""

from collections.abc import Mapping
from typing import Any, Final

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.outgoing import open_session

_CONNECT_SECONDS: Final = 5.0
_READ_SECONDS: Final = 30.0
_UPLOAD_SECONDS: Final = 60.0  # until the answer to a request with a file comes
_REST_SECONDS: Final = 60.0  # until all of an answer is there that has begun to come, however slowly
_LONGEST_ANSWER_BYTES: Final = 16 * 1024 * 1024  # 100 updates of 64 KiB are 6.5 MB
_CHUNK_BYTES: Final = 64 * 1024
_URL_ENCODED: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class ResponseTooLong(NetworkError):
    """More came than was announced, or than any answer of Telegram's holds. What is too much was not read."""

    def __init__(self) -> None:
        super().__init__("longer than announced")


class AiohttpRequest(BaseRequest):
    """One pool of connections. Errors name what happened, never an address: that would tell the token.

    No answer is longer than it may be, none takes for ever, and none leads to another address.
    """

    def __init__(self, proxy: str | None = None, *, rest_s: float = _REST_SECONDS) -> None:
        self._proxy = proxy
        self._rest_s = rest_s
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return _READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            self._session = open_session(self._proxy)

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0917 - the library's interface
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp's reading limit counts the writing
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """(status, body). Raises TimedOut, NetworkError."""
        usual_read = _UPLOAD_SECONDS if request_data and request_data.contains_files else _READ_SECONDS
        patience = self._patience(
            connect=_given(pool_timeout, None),
            sock_connect=_given(connect_timeout, _CONNECT_SECONDS),
            sock_read=_given(read_timeout, usual_read),
        )
        body, headers = _body(request_data) if request_data else (None, {})
        return await self._exchange(
            method, url, patience=patience, most_bytes=_LONGEST_ANSWER_BYTES, body=body, headers=headers
        )

    async def download(self, url: str, *, most_bytes: int) -> tuple[int, bytes]:
        """(status, body) of a file. Raises ResponseTooLong, TimedOut, NetworkError."""
        patience = self._patience(connect=None, sock_connect=_CONNECT_SECONDS, sock_read=_READ_SECONDS)
        return await self._exchange("GET", url, patience=patience, most_bytes=most_bytes)

    async def _exchange(
        self,
        method: str,
        url: str,
        *,
        patience: aiohttp.ClientTimeout,
        most_bytes: int,
        body: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes]:
        if self._session is None:
            raise RuntimeError("not initialized")
        named = {"User-Agent": self.USER_AGENT, **(headers or {})}
        try:
            async with self._session.request(
                method, url, data=body, headers=named, timeout=patience, allow_redirects=False
            ) as answer:
                return answer.status, await _read(answer, most_bytes)
        except TimeoutError as error:  # aiohttp's own are among them
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error

    def _patience(
        self, *, connect: float | None, sock_connect: float | None, sock_read: float | None
    ) -> aiohttp.ClientTimeout:
        total = None if sock_read is None else sock_read + self._rest_s
        return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=sock_connect, sock_read=sock_read)

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Raises TelegramError, also for what is no object, and for brackets within brackets without end."""
        try:
            answer = BaseRequest.parse_json_payload(payload)
        except RecursionError:
            answer = None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


async def _read(answer: aiohttp.ClientResponse, most_bytes: int) -> bytes:
    """Raises ResponseTooLong as soon as there is more."""
    content = bytearray()
    async for chunk in answer.content.iter_chunked(_CHUNK_BYTES):
        content += chunk
        if len(content) > most_bytes:
            raise ResponseTooLong
    return bytes(content)


def _given(asked: object, usual: float | None) -> float | None:
    """Seconds; the library hands in a number, None for no limit, or its own mark for "as usual"."""
    if asked is BaseRequest.DEFAULT_NONE:
        return usual
    return float(asked) if isinstance(asked, int | float) else None


def _body(data: RequestData) -> tuple[bytes | aiohttp.FormData, Mapping[str, str]]:
    """With its headers. What is only text is quoted by yarl, which is C: urllib takes ten times as long."""
    fields = {name: _sayable(value) for name, value in data.json_parameters.items()}
    if not data.contains_files:
        return URL.build(query=fields).raw_query_string.encode("ascii"), _URL_ENCODED
    form = aiohttp.FormData(quote_fields=False)
    for name, value in fields.items():
        form.add_field(name, value)
    for name, (file_name, content, mime) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form, {}


def _sayable(value: str) -> str:
    """Without halves of characters, which a person may have typed and no UTF-8 holds."""
    return value.encode("utf-8", "ignore").decode("utf-8")
