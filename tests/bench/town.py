"""A Telegram and an AILab with nothing behind them, for people who send selfies. A process of its own.

    python -m tests.bench.town PORT SIZE SECONDS HOOK…

SECONDS is how long the AILab takes; updates are brought to one HOOK after the other. `first` and `people` say who
(fresh people for each round):

- `/agree?first=…&people=…` lets them agree.
- `/selfies?first=…&people=…&help_every=…`: one selfie each, at once; answered when every report is there. `help_every`:
  seconds after which a stranger asks for /help, again and again; 0 is never.
- `/one_by_one?first=…&people=…`: each after the other's report is there.
- `/help?people=…`: strangers ask for /help, each after the other was answered.
- `/nothing` takes what it gets and answers nothing.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count, cycle
from typing import Final

from aiohttp import ClientError, ClientSession, TCPConnector, web

from bot.people.consent import CONSENT_VERSION
from tests.ailab import ANALYSIS_PATH, CREDITS_PATH, answer
from tests.bench.photos import SIZES, photo
from tests.bench.telegram import on_credits

_ME: Final = {"id": 12345, "is_bot": True, "first_name": "Skin", "username": "skin_bot"}
_FIRST_ASKER: Final = 900_000_000
_DATE: Final = 1_790_000_000
_PAUSE_SECONDS: Final = 0.05  # after a report: what was left to do is done before the next selfie comes
_QUIET_SECONDS: Final = 0.3
_LONGEST_SECONDS: Final = 900
_KEPT_OPEN_SECONDS: Final = 5  # less than any bot keeps a connection that it may close just when it is used
_BROUGHT_AGAIN_SECONDS: Final = 0.2  # as Telegram does with what was not taken
_COMMAND: Final = {"type": "bot_command", "offset": 0, "length": 5}


class Town:
    """`_waiting`: by chat, when something was sent there and what is told of its answer: seconds."""

    def __init__(self, *, size: str, hooks: Sequence[str], ailab_seconds: float) -> None:
        width, height = SIZES[size]
        self._photo = photo(width, height)
        self._analysis = json.dumps(answer(size=(width, height))).encode()
        self._hooks = cycle(hooks)
        self._ailab_seconds = ailab_seconds
        self._numbers = count(1)
        self._askers = count(_FIRST_ASKER)
        self._waiting: dict[int, tuple[float, asyncio.Future[float]]] = {}
        self._calls: Counter[str] = Counter()
        self._analysing = 0
        self._most_analysing = 0
        self._asked_at = 0.0
        self._session: ClientSession | None = None

    async def on_call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        self._calls[method] += 1
        self._asked_at = time.perf_counter()
        fields = await _fields(request)
        chat = int(str(fields.get("chat_id") or 0))
        result: object = True
        if method == "getme":
            result = _ME
        elif method == "getchatmenubutton":
            result = {"type": "default"}
        elif method == "getwebhookinfo":
            result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        elif method == "getfile":
            result = {"file_id": "f", "file_unique_id": "u", "file_path": str(fields["file_id"])}
        elif method in {"sendmessage", "editmessagetext"}:
            if chat >= _FIRST_ASKER:
                self._answered(chat)
            result = self._message(chat, text="ok")
        elif method in {"editmessagemedia", "sendphoto"}:
            result = self._message(chat, photo=[{"file_id": "d", "file_unique_id": "d", "width": 9, "height": 9}])
            self._answered(chat)
        return web.json_response({"ok": True, "result": result})

    async def on_file(self, request: web.Request) -> web.Response:
        """No two selfies are the same file: a trailing number behind the picture's end is enough for that."""
        self._calls["file"] += 1
        return web.Response(body=self._photo + request.match_info["path"].encode())

    async def on_analysis(self, request: web.Request) -> web.Response:
        await request.read()
        self._calls["analysis"] += 1
        self._analysing += 1
        self._most_analysing = max(self._most_analysing, self._analysing)
        await asyncio.sleep(self._ailab_seconds)
        self._analysing -= 1
        return web.Response(body=self._analysis, content_type="application/json")

    async def on_nothing(self, request: web.Request) -> web.Response:
        await request.read()
        return web.Response()

    async def on_agree(self, request: web.Request) -> web.Response:
        """When it is all answered: what is left to do would be counted as the selfies' own."""
        await self._bring([self._tap(person, f"consent:yes:{CONSENT_VERSION}") for person in _people(request)])
        while time.perf_counter() - self._asked_at < _QUIET_SECONDS:  # noqa: ASYNC110 - nothing tells that nothing comes
            await asyncio.sleep(_QUIET_SECONDS / 10)
        return web.Response()

    async def on_selfies(self, request: web.Request) -> web.Response:
        """Seconds from the first selfie to the last report, and what each /help waited."""
        self._calls.clear()
        self._most_analysing = 0
        helped: list[float] = []
        over = asyncio.Event()
        asking = asyncio.create_task(self._ask_for_help(float(request.query["help_every"]), helped, over))
        began = time.perf_counter()
        people = _people(request)
        reports = [self._awaited(person) for person in people]
        await self._bring([self._selfie(person) for person in people])
        async with asyncio.timeout(_LONGEST_SECONDS):
            await asyncio.gather(*reports)
            took = time.perf_counter() - began
            over.set()
            await asking  # who asked last waits as well
        return web.json_response(
            {
                "seconds": took,
                "help_seconds": helped,
                "most_analysing": self._most_analysing,
                "calls": self._calls,
            }
        )

    async def on_one_by_one(self, request: web.Request) -> web.Response:
        waited = []
        for person in _people(request):
            report = self._awaited(person)
            await self._bring([self._selfie(person)])
            async with asyncio.timeout(_LONGEST_SECONDS):
                waited.append(await report)
            await asyncio.sleep(_PAUSE_SECONDS)
        return web.json_response(waited)

    async def on_help(self, request: web.Request) -> web.Response:
        waited: list[float] = []
        for _ in range(int(request.query["people"])):
            waited.append(await self._helped())
            await asyncio.sleep(_PAUSE_SECONDS / 5)
        return web.json_response(waited)

    async def _ask_for_help(self, every: float, helped: list[float], over: asyncio.Event) -> None:
        """Each by somebody else: to one person the bot speaks about once a second, whatever it is asked."""

        async def one() -> None:
            helped.append(await self._helped())

        async with asyncio.TaskGroup() as asking:
            while every and not over.is_set():
                asking.create_task(one())
                await asyncio.sleep(every)

    async def _helped(self) -> float:
        asker = next(self._askers)
        answered = self._awaited(asker)
        await self._bring([self._update(asker, text="/help", entities=[_COMMAND])])
        return await answered

    def _awaited(self, chat: int) -> "asyncio.Future[float]":
        """Seconds from now until that chat is answered."""
        answered = asyncio.get_running_loop().create_future()
        self._waiting[chat] = time.perf_counter(), answered
        return answered

    def _answered(self, chat: int) -> None:
        began, answered = self._waiting.pop(chat, (0.0, None))
        if answered is not None and not answered.done():
            answered.set_result(time.perf_counter() - began)

    def _message(self, chat: int, **content: object) -> dict[str, object]:
        number = next(self._numbers)
        return {"message_id": number, "date": _DATE, "chat": {"id": chat, "type": "private"}, "from": _ME, **content}

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
        """As Telegram brings them, over up to 64 connections."""
        if self._session is None:
            connector = TCPConnector(limit=64, keepalive_timeout=_KEPT_OPEN_SECONDS)
            self._session = ClientSession(connector=connector)
        session = self._session

        async def bring(update: dict[str, object]) -> None:
            headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": "a-secret"}
            while not await _taken(session, next(self._hooks), json.dumps(update), headers):
                self._calls["brought again"] += 1
                await asyncio.sleep(_BROUGHT_AGAIN_SECONDS)

        await asyncio.gather(*map(bring, updates))

    async def close(self, _: web.Application) -> None:
        if self._session is not None:
            await self._session.close()


async def _taken(session: ClientSession, hook: str, update: str, headers: dict[str, str]) -> bool:
    try:
        async with session.post(hook, data=update, headers=headers) as told:
            return told.status < 400
    except ClientError:
        return False


async def _fields(request: web.Request) -> dict[str, object]:
    if request.content_type == "application/json":
        return dict(await request.json())
    return dict(await request.post()) if request.can_read_body else dict(request.query)


def _people(request: web.Request) -> range:
    first = int(request.query["first"])
    return range(first, first + int(request.query["people"]))


def _by(person: int) -> dict[str, object]:
    card = {"id": person, "first_name": "Ada", "language_code": "en"}
    return {"from": {**card, "is_bot": False}, "chat": {**card, "type": "private"}}


def application(town: Town) -> web.Application:
    app = web.Application(client_max_size=64_000_000)
    app.router.add_route("*", "/bot{token}/{method}", town.on_call)
    app.router.add_get("/file/bot{token}/{path:.+}", town.on_file)
    app.router.add_post(ANALYSIS_PATH, town.on_analysis)
    app.router.add_get(CREDITS_PATH, on_credits)
    app.router.add_route("*", "/nothing", town.on_nothing)
    app.router.add_get("/agree", town.on_agree)
    app.router.add_get("/selfies", town.on_selfies)
    app.router.add_get("/one_by_one", town.on_one_by_one)
    app.router.add_get("/help", town.on_help)
    app.on_cleanup.append(town.close)
    return app


if __name__ == "__main__":
    told = Town(size=sys.argv[2], ailab_seconds=float(sys.argv[3]), hooks=sys.argv[4:])
    web.run_app(application(told), host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
