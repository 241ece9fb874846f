"""The small HTTP side: health for a supervisor, and Telegram's webhook when there is one."""

import hmac
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.config import Config
from bot.storage.database import DatabaseUnavailable

Take = Callable[[Sequence[Mapping[str, object]]], Awaitable[None]]

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_MAX_UPDATE_BYTES: Final = 1_000_000


def webhook_path(config: Config) -> str:
    return urlsplit(config.webhook_url or "").path or "/"


@asynccontextmanager
async def serving(config: Config, take: Take) -> AsyncIterator[int]:
    """Serve health, and the webhook when one is set; yields the port."""
    app = web.Application(client_max_size=_MAX_UPDATE_BYTES)
    app.router.add_get("/healthz", _healthy)
    app.router.add_get("/readyz", _healthy)
    if config.webhook_url:
        app.router.add_post(webhook_path(config), _webhook(config.webhook_secret, take))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, config.host, 8080 if config.port is None else config.port)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def _healthy(_: web.Request) -> web.Response:
    return web.Response(text="ok")


def _webhook(secret: str | None, take: Take) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def on_update(request: web.Request) -> web.Response:
        """200 only after the update is stored; Telegram sends it again otherwise."""
        if secret and not hmac.compare_digest(request.headers.get(_SECRET_HEADER, ""), secret):
            return web.Response(status=403)
        try:
            update = json.loads(await request.read())
        except ValueError:
            return web.Response(status=400)
        if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
            return web.Response(status=400)
        try:
            await take([update])
        except DatabaseUnavailable:
            return web.Response(status=503)
        return web.Response()

    return on_update
