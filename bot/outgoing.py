"""The ways out, to Telegram and to the vendor: one kind of connections, the machine's own certificates, its proxy."""

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


def open_session(proxy: str | None = None) -> aiohttp.ClientSession:
    """To be closed by who opens it."""
    connector = aiohttp.TCPConnector(limit=_CONNECTIONS, keepalive_timeout=_KEPT_OPEN_SECONDS, ssl=_certificates())
    return aiohttp.ClientSession(connector=connector, proxy=proxy)


def vendor_client(config: Config) -> httpx.AsyncClient:
    """httpx over aiohttp's connections: httpx scans its own pool on every request (docs/decisions.md)."""
    proxy = proxy_for(config.ailab_api_url, config)
    return httpx.AsyncClient(transport=AiohttpTransport(verify=_certificates(), client=lambda: open_session(proxy)))


def _certificates() -> ssl.SSLContext:
    """The machine's own, or those that the environment names."""
    return _read(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _read(*_: str | None) -> ssl.SSLContext:
    """Once for all ways out: it takes 17 ms, and they were four."""
    return ssl.create_default_context()
