"""A Telegram and an AILab with nothing behind them, for floods of selfies. A process of its own.

`/agree?people=N` lets N people agree, `/selfies?people=N` sends one selfie each and answers when every report is
there; `/help?every=S` says, after a running flood has ended, how long each /help that was sent meanwhile waited.
"""

import asyncio
import json
import sys
import time
from itertools import count
from typing import Final

from aiohttp import ClientSession, TCPConnector, web

from bot.people.consent import CONSENT_VERSION
from tests.ailab import ANALYSIS_PATH, answer
from tests.bench.photos import SIZES, photo

_ME: Final = {"id": 12345, "is_bot": True, "first_name": "Skin", "username": "skin_bot"}
_FIRST_ASKER: Final = 900_000
_DATE: Final = 1_790_000_000


class Town:
    def __init__(self, *, size: str, hook: str, ailab_seconds: float) -> None:
        width, height = SIZES[size]
        self._photo = photo(width, height)
        self._analysis = json.dumps(answer(size=(width, height))).encode()
        self._hook = hook
        self._ailab_seconds = ailab_seconds
        self._numbers = count(1)
        self._reports = 0
        self._wanted = 0
        self._all_there = asyncio.Event()
        self._asked_at: dict[int, float] = {}
        self._answered_after: list[float] = []
        self._analysing = 0
        self.most_analysing = 0

    async def on_call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        fields = dict(await request.post()) if request.can_read_body else {}
        chat = int(str(fields.get("chat_id") or 0))
        result: object = True
        if method == "getme":
            result = _ME
        elif method == "getwebhookinfo":
            result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        elif method == "getfile":
            result = {"file_id": "f", "file_unique_id": "u", "file_path": str(fields["file_id"])}
        elif method in {"sendmessage", "editmessagetext"}:
            if chat in self._asked_at:
                self._answered_after.append(time.perf_counter() - self._asked_at[chat])
            result = self._message(chat, text="ok")
        elif method in {"editmessagemedia", "sendphoto"}:
            result = self._message(chat, photo=[{"file_id": "d", "file_unique_id": "d", "width": 9, "height": 9}])
            self._reports += 1
            if self._reports >= self._wanted:
                self._all_there.set()
        return web.json_response({"ok": True, "result": result})

    def _message(self, chat: int, **content: object) -> dict[str, object]:
        number = next(self._numbers)
        return {"message_id": number, "date": _DATE, "chat": {"id": chat, "type": "private"}, "from": _ME, **content}

    async def on_file(self, request: web.Request) -> web.Response:
        """No two selfies are the same file: a trailing number behind the picture's end is enough for that."""
        return web.Response(body=self._photo + request.match_info["path"].encode())

    async def on_analysis(self, request: web.Request) -> web.Response:
        await request.read()
        self._analysing += 1
        self.most_analysing = max(self.most_analysing, self._analysing)
        await asyncio.sleep(self._ailab_seconds)
        self._analysing -= 1
        return web.Response(body=self._analysis, content_type="application/json")

    async def on_agree(self, request: web.Request) -> web.Response:
        people = range(1, int(request.query["people"]) + 1)
        await self._bring([self._tap(person, f"consent:yes:{CONSENT_VERSION}") for person in people])
        return web.Response()

    async def on_selfies(self, request: web.Request) -> web.Response:
        """Seconds from the first selfie to the last report, and what each /help waited."""
        people = range(1, int(request.query["people"]) + 1)
        self._reports, self._wanted = 0, len(people)
        self._asked_at, self._answered_after = {}, []
        self._all_there.clear()
        asking = asyncio.create_task(self._ask_for_help(float(request.query["help_every"])))
        began = time.perf_counter()
        await self._bring([self._selfie(person) for person in people])
        await asyncio.wait_for(self._all_there.wait(), 600)
        took = time.perf_counter() - began
        asking.cancel()
        return web.json_response(
            {"seconds": took, "help_seconds": self._answered_after, "most_analysing": self.most_analysing}
        )

    async def _ask_for_help(self, every: float) -> None:
        """Each by somebody else: to one person the bot speaks about once a second, whatever it is asked."""
        for asker in count(_FIRST_ASKER):
            if not every:
                return
            self._asked_at[asker] = time.perf_counter()
            await self._bring([self._update(asker, text="/help", entities=[_COMMAND])])
            await asyncio.sleep(every)

    def _selfie(self, person: int) -> dict[str, object]:
        number = next(self._numbers)
        size = {"file_unique_id": "u", "width": 1280, "height": 960, "file_size": len(self._photo)}
        sizes = [{"file_id": f"photo-{person}-{number}", **size}]
        return self._update(person, photo=sizes)

    def _update(self, person: int, **content: object) -> dict[str, object]:
        return {"update_id": next(self._numbers), "message": {**self._message(person), **_by(person), **content}}

    def _tap(self, person: int, data: str) -> dict[str, object]:
        query = {"id": str(person), "chat_instance": "1", "data": data, "message": self._message(person, text="?")}
        return {"update_id": next(self._numbers), "callback_query": {**query, "from": _by(person)["from"]}}

    async def _bring(self, updates: list[dict[str, object]]) -> None:
        places = asyncio.Semaphore(64)
        async with ClientSession(connector=TCPConnector(limit=64)) as session:

            async def bring(update: dict[str, object]) -> None:
                headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": "a-secret"}
                async with places, session.post(self._hook, data=json.dumps(update), headers=headers) as told:
                    told.raise_for_status()

            await asyncio.gather(*map(bring, updates))


_COMMAND: Final = {"type": "bot_command", "offset": 0, "length": 5}


def _by(person: int) -> dict[str, object]:
    card = {"id": person, "first_name": "Ada", "language_code": "en"}
    return {"from": {**card, "is_bot": False}, "chat": {**card, "type": "private"}}


def application(town: Town) -> web.Application:
    app = web.Application(client_max_size=64_000_000)
    app.router.add_route("*", "/bot{token}/{method}", town.on_call)
    app.router.add_get("/file/bot{token}/{path:.+}", town.on_file)
    app.router.add_post(ANALYSIS_PATH, town.on_analysis)
    app.router.add_get("/agree", town.on_agree)
    app.router.add_get("/selfies", town.on_selfies)
    return app


if __name__ == "__main__":
    told = Town(size=sys.argv[2], hook=sys.argv[3], ailab_seconds=float(sys.argv[4]))
    web.run_app(application(told), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
