"""A proxy on loopback, as companies have one: CONNECT for https, whole addresses for http."""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


@dataclass(kw_only=True)
class LoopbackProxy:
    """`routes` says which port of this machine a host stands for; `asked` keeps each request's first line."""

    routes: Mapping[str, int]
    url: str = ""
    asked: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://me:pass-word@127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            line, *headers = head.decode("latin-1").split("\r\n")
            method, target, _ = line.split(" ")
            self.asked.append(f"{method} {target.partition('?')[0]}")
            self.names |= {header for header in headers if header.startswith("Proxy-Authorization")}
            host = urlsplit(f"//{target}" if method == "CONNECT" else target).hostname or ""
            there = await asyncio.open_connection("127.0.0.1", self.routes[host])
            if method == "CONNECT":
                writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            else:
                there[1].write(_for_the_server(head))
            await _relay((reader, writer), there)
        writer.close()


def _for_the_server(head: bytes) -> bytes:
    """One request a connection, so that each is seen: its path instead of the whole address."""
    line, _, rest = head.partition(b"\r\n")
    method, target, version = line.split(b" ")
    path = b"/" + target.split(b"/", 3)[3]
    return b"%s %s %s\r\nConnection: close\r\n%s" % (method, path, version, rest)


Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def _relay(one: Stream, other: Stream) -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    await asyncio.gather(pour(one[0], other[1]), pour(other[0], one[1]))


async def tls_before(port: int, certificate: ssl.SSLContext) -> asyncio.Server:
    """What speaks TLS and passes it on to a server that does not."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _relay((reader, writer), await asyncio.open_connection("127.0.0.1", port))

    return await asyncio.start_server(serve, "127.0.0.1", 0, ssl=certificate)
