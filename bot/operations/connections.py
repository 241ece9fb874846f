"""Connections from outside: so many, and each only for so long.

aiohttp waits for ever for a request that is begun and never ended, and takes in as many as come, until the process can
open no file any more. Here the oldest of those that let us wait goes when there are too many: whoever asks at once is
heard, however many others hold the line.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

_FIRST_REQUEST_SECONDS: Final = 10.0
_NEXT_REQUEST_SECONDS: Final = 75.0  # proxies keep connections for about a minute; Telegram opens a new one any time
_ANSWER_SECONDS: Final = 60.0  # Telegram waits no longer
_BODY_GOES_ON_SECONDS: Final = 2.0  # what still comes of a request that is answered is read so long
_NAME: Final = "skinbot"  # instead of the versions of Python and aiohttp

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Connections:
    """`most_waiting` of them may owe us a request, `most_working` may have one worked. Telegram uses 40."""

    def __init__(
        self,
        *,
        most_waiting: int = 100,
        most_working: int = 100,
        first_request_s: float = _FIRST_REQUEST_SECONDS,
    ) -> None:
        self._most_waiting = most_waiting
        self._most_working = most_working
        self._first_request_s = first_request_s
        self._waiting: dict[Connection, None] = {}  # the longest first
        self._working: set[Connection] = set()

    def accept(self, server: web.Server) -> "Connection":
        """The protocol of a new connection."""
        return Connection(self, server)

    def came(self, connection: "Connection") -> None:
        if len(self._waiting) >= self._most_waiting:
            next(iter(self._waiting)).cut()
        self._wait(connection, self._first_request_s)

    def left(self, connection: "Connection") -> None:
        self._waiting.pop(connection, None)
        self._working.discard(connection)

    @web.middleware
    async def bounded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """While a request is worked its connection is left in peace. Also names us as little as may be."""
        connection = request.protocol
        if not isinstance(connection, Connection) or connection not in self._waiting:
            raise web.HTTPServiceUnavailable  # cut while its request was on the way
        if len(self._working) >= self._most_working:
            raise web.HTTPServiceUnavailable
        del self._waiting[connection]
        self._working.add(connection)
        connection.ends_in(_ANSWER_SECONDS)
        try:
            return await handler(request)
        finally:
            if connection in self._working:
                self._working.remove(connection)
                self._wait(connection, _NEXT_REQUEST_SECONDS)

    def _wait(self, connection: "Connection", seconds: float) -> None:
        self._waiting[connection] = None
        connection.ends_in(seconds)


class Connection(web.RequestHandler):
    """One of them, with its end."""

    def __init__(self, connections: Connections, server: web.Server) -> None:
        super().__init__(
            server,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type] # as web.run_app hands it in for "no log"
            keepalive_timeout=_NEXT_REQUEST_SECONDS,
            lingering_time=_BODY_GOES_ON_SECONDS,
        )
        self._connections = connections
        self._end: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._connections.came(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._end is not None:
            self._end.cancel()
        self._connections.left(self)
        super().connection_lost(exc)

    def ends_in(self, seconds: float) -> None:
        """Instead of any end that was set before."""
        if self._end is not None:
            self._end.cancel()
        self._end = asyncio.get_running_loop().call_later(seconds, self.cut)

    def cut(self) -> None:
        """At once, and without what was still to be said: the other side may not listen."""
        self._connections.left(self)
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is no HTTP is not worth a line in the log, or anybody could fill it."""
        if status < 500:
            response: web.StreamResponse = web.Response(status=status)
            response.force_close()
        else:
            response = super().handle_error(request, status, exc, message)
        response.headers["Server"] = _NAME
        return response


async def name_us(_: web.BaseRequest, response: web.StreamResponse) -> None:
    response.headers["Server"] = _NAME
