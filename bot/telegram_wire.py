"""python-telegram-bot's requests over aiohttp alone.

The library's own way, httpx, costs more CPU a request than aiohttp does, also over aiohttp's connections
(docs/decisions.md).
"""

from collections.abc import Mapping
from typing import Final

import aiohttp
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

_CONNECTIONS: Final = 256
_KEPT_OPEN_SECONDS: Final = 30.0
_CONNECT_SECONDS: Final = 5.0
_READ_SECONDS: Final = 30.0
_UPLOAD_SECONDS: Final = 60.0  # until the answer to a request with a file comes
_URL_ENCODED: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class AiohttpRequest(BaseRequest):
    """One pool of connections. Errors name what happened, never an address: that would tell the token."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return _READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT_OPEN_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

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
        if self._session is None:
            raise RuntimeError("not initialized")
        usual_read = _UPLOAD_SECONDS if request_data and request_data.contains_files else _READ_SECONDS
        timeout = aiohttp.ClientTimeout(
            total=None,
            connect=_given(pool_timeout, None),
            sock_connect=_given(connect_timeout, _CONNECT_SECONDS),
            sock_read=_given(read_timeout, usual_read),
        )
        body, headers = _body(request_data) if request_data else (None, {})
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:  # aiohttp's own are among them
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error


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
