"""A Telegram with nothing behind it: it hands out a backlog of /help and counts the answers. A process of its own."""

import asyncio
import json
import sys
from itertools import count
from typing import Final

from aiohttp import ClientSession, TCPConnector, web

from tests.ailab import CREDITS_PATH

_ANSWER_SECONDS: Final = 0.02
_AT_ONCE: Final = 256
_MOST_CONNECTIONS: Final = 100  # Telegram makes no more to a webhook
_HANDED_OUT_AT_ONCE: Final = 100
_RESULTS: Final = {
    "getme": {"id": 12345, "is_bot": True, "first_name": "Skin", "username": "skin_bot"},
    "getchatmenubutton": {"type": "default"},
    "getwebhookinfo": {"url": "", "has_custom_certificate": False, "pending_update_count": 0},
    "sendmessage": {"message_id": 1, "date": 1_790_000_000, "chat": {"id": 1, "type": "private"}, "text": "ok"},
}


class Backlog:
    def __init__(self) -> None:
        self.waiting: list[dict[str, object]] = []
        self.answered = 0
        self.wanted = 0
        self.polls = 0
        self.done = asyncio.Event()
        self.numbers = count(1)

    def add(self, many: int) -> list[dict[str, object]]:
        self.answered, self.wanted = 0, many
        self.done.clear()
        return [_help_update(next(self.numbers)) for _ in range(many)]


def _help_update(number: int) -> dict[str, object]:
    person = {"id": 1000 + number % _AT_ONCE, "first_name": "Ada", "language_code": "en"}
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": 1_790_000_000,
            "chat": {**person, "type": "private"},
            "from": {**person, "is_bot": False},
            "text": "/help",
            "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
        },
    }


def application() -> web.Application:
    backlog = Backlog()

    async def on_call(request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        if method == "getupdates":
            return await on_poll(request)
        await request.read()
        if method == "sendmessage":
            await asyncio.sleep(_ANSWER_SECONDS)
            backlog.answered += 1
            if backlog.answered == backlog.wanted:
                backlog.done.set()
        return web.json_response({"ok": True, "result": _RESULTS.get(method, True)})

    async def on_poll(request: web.Request) -> web.Response:
        backlog.polls += 1
        body = await (request.json() if request.content_type == "application/json" else request.post())
        offset = int(str(body.get("offset") or 0))
        backlog.waiting = [update for update in backlog.waiting if int(str(update["update_id"])) >= offset]
        if not backlog.waiting:
            await asyncio.sleep(0.05)
        return web.json_response({"ok": True, "result": backlog.waiting[:_HANDED_OUT_AT_ONCE]})

    async def on_flood(request: web.Request) -> web.Response:
        """`?many=…`, and `&webhook=URL` where the updates are to be brought; answers when all are answered."""
        updates = backlog.add(int(request.query["many"]))
        hook = request.query.get("webhook")
        if hook:
            await _bring(updates, hook)
        else:
            backlog.waiting.extend(updates)
        await asyncio.wait_for(backlog.done.wait(), 120)
        return web.Response()

    async def on_polls(_: web.Request) -> web.Response:
        return web.Response(text=str(backlog.polls))

    app = web.Application()
    app.router.add_get("/polls", on_polls)
    app.router.add_route("*", "/bot{token}/{method}", on_call)
    app.router.add_get("/flood", on_flood)
    app.router.add_get(CREDITS_PATH, on_credits)
    return app


async def on_credits(_: web.Request) -> web.Response:
    """The vendor's balance: a bot that can't read it tells its operator."""
    pool = {"unique_sign": "common", "name": "common", "balance": 100_000, "total": 100_000, "balance_warning": 0}
    return web.json_response({"error_code": 0, "error_msg": "", "data": [pool]})


async def _bring(updates: list[dict[str, object]], hook: str) -> None:
    async with ClientSession(connector=TCPConnector(limit=_MOST_CONNECTIONS)) as session:

        async def bring(update: dict[str, object]) -> None:
            headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": "a-secret"}
            async with session.post(hook, data=json.dumps(update), headers=headers) as answer:
                answer.raise_for_status()

        await asyncio.gather(*map(bring, updates))


if __name__ == "__main__":
    web.run_app(application(), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
