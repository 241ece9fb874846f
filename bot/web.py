"""The small HTTP side: health for a supervisor, figures for Prometheus, and Telegram's webhook when there is one."""

import asyncio
import errno
import hmac
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.config import Config
from bot.connections import Connections, name_us
from bot.health import Health, Take
from bot.storage.database import DatabaseUnavailable

Answer = Callable[[web.Request], Awaitable[web.Response]]

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_MAX_UPDATE_BYTES: Final = 1_000_000
_CLOSING_SECONDS: Final = 2.0
_BODY_SECONDS: Final = 10.0  # an update has 64 KiB
_NOT_ACCEPTED_YET: Final = 64
_REASONS: Final = {
    errno.EADDRINUSE: "another program listens there",
    errno.EADDRNOTAVAIL: "that address is not this machine's",
    errno.EACCES: "this user may not listen there; ports from 1024 on are free to all",
}
_MOST_UPDATE_ID: Final = 2**63


class AddressUnusable(Exception):
    """Nothing can be served on HOST and PORT."""


def webhook_path(config: Config) -> str:
    return urlsplit(config.webhook_url or "").path or "/"


@asynccontextmanager
async def serving(
    config: Config, take: Take, health: Health, *, connections: Connections | None = None
) -> AsyncIterator[int]:
    """Serve health and figures, and the webhook when one is set; yields the port. Raises AddressUnusable."""
    connections = connections or Connections()
    app = web.Application(client_max_size=_MAX_UPDATE_BYTES, middlewares=[connections.bounded])
    app.on_response_prepare.append(name_us)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready(health))
    app.router.add_get("/metrics", _figures(health))
    if config.webhook_url:
        app.router.add_post(webhook_path(config), _webhook(config.webhook_guard, take, health))
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=_CLOSING_SECONDS)
    await runner.setup()
    try:
        port = 8080 if config.port is None else config.port
        async with _listening(runner.server, connections, config.host, port) as socket_port:
            yield socket_port
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _listening(server: web.Server | None, connections: Connections, host: str, port: int) -> AsyncIterator[int]:
    if server is None:
        raise RuntimeError("the runner is set up first")
    try:
        listening = await asyncio.get_running_loop().create_server(
            lambda: connections.accept(server), host, port, backlog=_NOT_ACCEPTED_YET
        )
    except OSError as error:
        raise AddressUnusable(f"HOST {host}, PORT {port}: {_why(error)}.") from error
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "nobody knows that host"
    return _REASONS.get(error.errno or 0, "nothing can listen there")


async def _alive(_: web.Request) -> web.Response:
    """It is the event loop itself that answers: one that hangs does not."""
    return web.Response(text="ok")


def _ready(health: Health) -> Answer:
    async def on_question(_: web.Request) -> web.Response:
        troubles = await health.troubles()
        return web.Response(text=" ".join(troubles) or "ready", status=503 if troubles else 200)

    return on_question


def _figures(health: Health) -> Answer:
    async def on_scrape(_: web.Request) -> web.Response:
        return web.Response(body=await health.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return on_scrape


def _webhook(secret: str, take: Take, health: Health) -> Answer:
    async def on_update(request: web.Request) -> web.Response:
        """200 only after the update is stored; Telegram sends it again otherwise, to us or to another process."""
        if not _same(request.headers.get(_SECRET_HEADER, ""), secret):
            return web.Response(status=403)
        if health.vitals.stopping or health.vitals.waits_for:
            return web.Response(status=503)
        update = await _update_in(request)
        try:
            await take([update])
        except DatabaseUnavailable:
            return web.Response(status=503)
        return web.Response()

    return on_update


async def _update_in(request: web.Request) -> Mapping[str, object]:
    """Raises HTTPBadRequest for what is none, HTTPRequestTimeout for one that trickles."""
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            update = json.loads(await request.read())
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    except (ValueError, RecursionError):  # the second: brackets within brackets without end
        raise web.HTTPBadRequest from None
    if not isinstance(update, dict) or not _is_update_id(update.get("update_id")):
        raise web.HTTPBadRequest
    return update


def _is_update_id(told: object) -> bool:
    """One that the database can hold: others would be stored in the same commit."""
    return isinstance(told, int) and not isinstance(told, bool) and abs(told) < _MOST_UPDATE_ID


def _same(told: str, secret: str) -> bool:
    """In constant time; `compare_digest` takes no text beyond ASCII, and a header may hold any."""
    return hmac.compare_digest(told.encode("utf-8", "surrogateescape"), secret.encode())
