"""Telegram's webhook: one update in each request, stored before it is acknowledged."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from bot.config import Config
from bot.storage.engine.database import DatabaseUnavailable
from bot.telegram.intake import Take

Answer = Callable[[web.Request], Awaitable[web.Response]]

_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_BODY_SECONDS: Final = 10.0  # an update has 64 KiB
_MOST_UPDATE_ID: Final = 2**63


def webhook_path(config: Config) -> str:
    return urlsplit(config.webhook_url or "").path or "/"


def webhook(secret: str, take: Take, closed: Callable[[], bool]) -> Answer:
    """The route that Telegram posts updates to. `closed`: whether nothing can be taken in just now."""

    async def on_update(request: web.Request) -> web.Response:
        """200 only after the update is stored; Telegram sends it again otherwise, to us or to another process."""
        if not _same(request.headers.get(_SECRET_HEADER, ""), secret):
            return web.Response(status=403)
        if closed():
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
