"""A Telegram and an AILab in one small process that can keep up with a flood; it only counts.

    python -m tests.faults.brisk PORT PEOPLE SELFIES

Every update is there at once. GET /tally tells how far it is. The loopback servers of the journeys check far more and
are too slow for ten thousand selfies.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from tests.ailab import answer
from tests.ailab.server import ANALYSIS_PATH
from tests.pictures import selfie

FIRST_PERSON = 500_000
_SIDE = 400
_VENDOR_SECONDS = 0.3
_HANDED_OUT_AT_ONCE = 100

_ALWAYS: Final[Mapping[str, object]] = {
    "getMe": {"id": 1, "is_bot": True, "first_name": "Skin", "username": "skin_bot"},
    "getChatMenuButton": {"type": "default"},
}


class Brisk:
    def __init__(self, people: int, selfies: int) -> None:
        self._updates = [_update(number, FIRST_PERSON + number % people) for number in range(1, selfies + 1)]
        self._numbers = iter(range(1_000_000, 100_000_000))
        self._selfie = selfie((_SIDE, _SIDE))
        self._analysis = json.dumps(answer(size=(_SIDE, _SIDE))).encode()
        self.reports: Counter[tuple[int, int]] = Counter()  # by chat and message
        self.calls: Counter[str] = Counter()
        self.in_flight = 0
        self.most_in_flight = 0
        self.began = time.monotonic()
        self.last_report_at = 0.0
        self.first_answer_at: dict[int, float] = {}

    def app(self) -> web.Application:
        app = web.Application(client_max_size=20_000_000)
        app.router.add_post("/bot{token}/{method}", self._on_call)
        app.router.add_get("/file/{path:.+}", self._on_file)
        app.router.add_post(ANALYSIS_PATH, self._on_analysis)
        app.router.add_get("/tally", self._on_tally)
        return app

    async def _on_call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        fields = await _fields(request)
        self.calls[method] += 1
        return web.json_response({"ok": True, "result": await self._result(method, fields)})

    async def _result(self, method: str, fields: dict[str, str]) -> object:
        match method:
            case "getUpdates":
                return await self._poll(int(fields.get("offset", 0)))
            case "getFile":
                return {"file_id": fields["file_id"], "file_unique_id": "u", "file_path": fields["file_id"]}
            case "sendMessage" | "editMessageText":
                return _message(int(fields["chat_id"]), int(fields.get("message_id") or next(self._numbers)), text="…")
            case "editMessageMedia" | "sendPhoto":
                return self._reported(int(fields["chat_id"]), int(fields.get("message_id", 0)))
            case _:
                return _ALWAYS.get(method, True)

    def _reported(self, chat: int, message: int) -> object:
        self.reports[chat, message] += 1
        self.last_report_at = time.monotonic()
        photo = {"file_id": f"drawn{chat}-{message}", "file_unique_id": "u", "width": 400, "height": 400}
        return _message(chat, message, photo=[photo])

    async def _poll(self, offset: int) -> list[dict[str, object]]:
        left = [update for update in self._updates if int(str(update["update_id"])) >= offset]
        if not left:
            await asyncio.sleep(1)
        return left[:_HANDED_OUT_AT_ONCE]

    async def _on_file(self, request: web.Request) -> web.Response:
        comment = request.path.encode()
        segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment
        return web.Response(body=self._selfie[:2] + segment + self._selfie[2:])  # no two files have the same bytes

    async def _on_analysis(self, request: web.Request) -> web.Response:
        await request.read()
        self.calls["analysis"] += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        await asyncio.sleep(_VENDOR_SECONDS)
        self.in_flight -= 1
        return web.Response(body=self._analysis, content_type="application/json")

    async def _on_tally(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "reports": len(self.reports),
                "pictures_sent": self.reports.total(),
                "seconds": (self.last_report_at or time.monotonic()) - self.began,
                "analyses": self.calls["analysis"],
                "most_in_flight": self.most_in_flight,
                "calls": dict(self.calls),
            }
        )


async def _fields(request: web.Request) -> dict[str, str]:
    if request.content_type == "application/json":
        return {name: str(value) for name, value in (await request.json()).items()}
    return {name: str(value) for name, value in (await request.post()).items()}


def _update(number: int, person: int) -> dict[str, object]:
    who = {"id": person, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    photo = {"file_id": f"f{number}", "file_unique_id": f"u{number}", "width": 400, "height": 400, "file_size": 40_000}
    return {"update_id": number, "message": _message(person, number, photo=[photo]) | {"from": who}}


def _message(chat: int, number: int, **content: object) -> dict[str, object]:
    return {"message_id": number, "date": 1, "chat": {"id": chat, "type": "private", "first_name": "Ada"}, **content}


if __name__ == "__main__":
    port, people, selfies = (int(argument) for argument in sys.argv[1:4])
    web.run_app(Brisk(people, selfies).app(), host="127.0.0.1", port=port, access_log=None, print=None)
