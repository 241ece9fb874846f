"""The ways out, to Telegram and to the vendor: one kind of connections, the machine's own certificates, its proxy."""

import asyncio
import os
import ssl
from contextlib import suppress
from functools import cache
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from bot.config import Config

_CONNECTIONS: Final = 256
_VENDOR_CONNECTIONS: Final = 500  # one for each of the most calls at once that AILAB_CONCURRENCY may say
_KEPT_OPEN_SECONDS: Final = 30.0


def proxy_for(url: str, config: Config) -> str | None:
    """The proxy on the way to `url`. To this machine there is none: a proxy elsewhere would look for it at its own."""
    wanted = urlsplit(url)
    host = wanted.hostname or ""
    if _is_this_machine(host) or _is_named(host, config.no_proxy or ""):
        return None
    return config.http_proxy if wanted.scheme == "http" else config.https_proxy


def _is_this_machine(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _is_named(host: str, no_proxy: str) -> bool:
    """Names with commas between, each with all that ends in it; * is everything."""
    names = [name.strip().lstrip(".").lower() for name in no_proxy.split(",")]
    return "*" in names or any(host == name or host.endswith(f".{name}") for name in names if name)


def open_session(proxy: str | None = None, *, connections: int = _CONNECTIONS) -> aiohttp.ClientSession:
    """To be closed by who opens it."""
    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR")
    certificates = _certificates() if named else True  # the machine's own: aiohttp read them as it was loaded
    connector = aiohttp.TCPConnector(limit=connections, keepalive_timeout=_KEPT_OPEN_SECONDS, ssl=certificates)
    return aiohttp.ClientSession(connector=connector, proxy=proxy)


def vendor_client(config: Config) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=_VendorTransport(proxy_for(config.ailab_api_url, config)))


class _VendorTransport(httpx.AsyncBaseTransport):
    """httpx over aiohttp's connections: httpx scans its own pool on every request (docs/decisions.md).

    Opened with the first request, because httpx-aiohttp wants certificates of its own: reading them takes 17 ms.
    """

    def __init__(self, proxy: str | None) -> None:
        self._proxy = proxy
        self._opened: AiohttpTransport | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        opened = self._opened or self._open(await asyncio.to_thread(_certificates))
        return await opened.handle_async_request(request)

    def _open(self, certificates: ssl.SSLContext) -> AiohttpTransport:
        """Of requests that began together, the first opens it for all."""
        if self._opened is None:
            self._opened = AiohttpTransport(verify=certificates, client=self._session)
        return self._opened

    def _session(self) -> aiohttp.ClientSession:
        return open_session(self._proxy, connections=_VENDOR_CONNECTIONS)

    async def aclose(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()


def _certificates() -> ssl.SSLContext:
    """The machine's own, or those that the environment names."""
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _read(*_: str | None) -> ssl.SSLContext:
    """Once for all ways out: it takes 17 ms."""
    return ssl.create_default_context()
