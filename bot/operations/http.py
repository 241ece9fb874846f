"""The small HTTP side: health for a supervisor, figures for Prometheus, Telegram's webhook, the Mini App."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.config import Config
from bot.config.errors import SetupError
from bot.operations.connections import Connections, name_us
from bot.operations.health import Health
from bot.operations.miniapp import MiniAppDoor, mount
from bot.telegram.intake import Take
from bot.telegram.webhook import webhook, webhook_path

Answer = Callable[[web.Request], Awaitable[web.Response]]

_MAX_UPDATE_BYTES: Final = 1_000_000
_CLOSING_SECONDS: Final = 2.0
_NOT_ACCEPTED_YET: Final = 64
_REASONS: Final = {
    errno.EADDRINUSE: "another program listens there",
    errno.EADDRNOTAVAIL: "that address is not this machine's",
    errno.EACCES: "this user may not listen there; ports from 1024 on are free to all",
}


class AddressUnusable(SetupError):
    """Nothing can be served on HOST and PORT."""


@asynccontextmanager
async def serving(
    config: Config,
    take: Take,
    health: Health,
    *,
    miniapp: MiniAppDoor | None = None,
    connections: Connections | None = None,
) -> AsyncIterator[int]:
    """Serve health and figures, the webhook and the Mini App when they are set; yields the port.

    Raises AddressUnusable.
    """
    connections = connections or Connections()
    app = web.Application(client_max_size=_MAX_UPDATE_BYTES, middlewares=[connections.bounded])
    app.on_response_prepare.append(name_us)
    app.router.add_get("/healthz", _alive)
    app.router.add_get("/readyz", _ready(health))
    app.router.add_get("/metrics", _figures(health))
    if config.webhook_url:
        app.router.add_post(webhook_path(config), webhook(config.webhook_guard, take, health.vitals.takes_nothing_in))
    if config.webapp_url:
        mount(app, config, miniapp or MiniAppDoor())
    runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=_CLOSING_SECONDS)
    await runner.setup()
    try:
        async with _listening(runner.server, connections, config) as socket_port:
            yield socket_port
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _listening(server: web.Server | None, connections: Connections, config: Config) -> AsyncIterator[int]:
    if server is None:
        raise RuntimeError("the runner is set up first")
    listening = await _bound(config, lambda: connections.accept(server))
    try:
        yield listening.sockets[0].getsockname()[1]
    finally:
        listening.close()


async def see_that_one_can_listen(config: Config) -> None:
    """Before anything else is opened: a start that fails leaves nothing behind. Raises AddressUnusable."""
    (await _bound(config, asyncio.Protocol)).close()


async def _bound(config: Config, protocol: Callable[[], asyncio.BaseProtocol]) -> asyncio.Server:
    host, port = config.host, 8080 if config.port is None else config.port
    try:
        return await asyncio.get_running_loop().create_server(protocol, host, port, backlog=_NOT_ACCEPTED_YET)
    except OSError as error:
        raise AddressUnusable(f"HOST {host}, PORT {port}: {_why(error)}.") from error


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
