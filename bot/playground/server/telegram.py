"""A Bot API server on loopback: what the local chat stands on, and the tests (tests/telegram)."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from types import TracebackType
from typing import Final, Self

from aiohttp import BodyPartReader, web

from bot.playground.server import editing, profile, sending
from bot.playground.server.methods import Method
from bot.playground.server.people import Person
from bot.playground.server.updates import Updates
from bot.playground.server.wire import Call, Raw, Refused, UploadedFile, decode
from bot.playground.server.world import Chat, World

_MAX_BODY_BYTES: Final = 60 * 1024 * 1024
DOWNLOAD: Final = "file"
_UPDATES_FROM: Final = 100_000_000
_ALBUMS_FROM: Final = 14_000_000_000_000_000


class LoopbackTelegram:
    """Telegram, as far as one bot can tell. Use as an async context manager.

    `numbers_from`: the first number of messages, updates and albums: new ones for a bot that remembers an earlier run.
    """

    def __init__(
        self,
        *,
        token: str = "12345:loopback",  # noqa: S107 - the loopback server's own token opens nothing else
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        bot_name: str = "Skin",
        numbers_from: int = 1,
    ) -> None:
        self.token = token
        self.url = ""
        self._port = port
        updates = Updates(clock, first_id=_UPDATES_FROM + numbers_from)
        me: Raw = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": bot_name, "username": "skin_bot"}
        self.world = World(
            clock=clock,
            me=me,
            updates=updates,
            numbers=count(numbers_from),
            albums=count(_ALBUMS_FROM + numbers_from),
        )
        self._people: dict[int, Person] = {}
        self._methods = dict(_METHODS)
        self.app = web.Application(client_max_size=_MAX_BODY_BYTES)
        self.app.router.add_route("*", "/bot{token}/{method}", self._on_call)
        self.app.router.add_get("/file/bot{token}/{path:.+}", self._on_download)
        self._closing = False
        self._runner = web.AppRunner(self.app, access_log=None, handle_signals=False, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing = True
        self.world.updates.close()
        await self._runner.cleanup()

    def person(self, user_id: int, *, first_name: str = "Ada", language_code: str | None = "en") -> Person:
        """The person with this id, the same one each time. The bot can't write to them before they wrote."""
        if user_id not in self._people:
            chat = Chat(chat_id=user_id, card={"type": "private", "first_name": first_name})
            self.world.chats[user_id] = chat
            self._people[user_id] = self._new_person(chat, language_code)
            self.world.changes.tell(user_id, "person")
        return self._people[user_id]

    def _new_person(self, chat: Chat, language_code: str | None) -> Person:
        return Person(self.world, chat, language_code=language_code)

    @property
    def people(self) -> tuple[Person, ...]:
        return tuple(self._people.values())

    async def _on_call(self, request: web.Request) -> web.StreamResponse:
        if self._closing:
            return cut(request)  # or a bot would poll again over its open connection and hold up the end
        try:
            self._authorize(request)
            call = await self._read(request)
        except Refused as refused:
            return refusal(refused)
        return await self._worked(request, call.method, lambda: self._answer(call))

    async def _on_download(self, request: web.Request) -> web.StreamResponse:
        try:
            self._authorize(request)
        except Refused as refused:
            return refusal(refused)
        return await self._worked(request, DOWNLOAD, lambda: self._file(request.match_info["path"]))

    def _authorize(self, request: web.Request) -> None:
        """A token of the wrong form is no path at all; one of the right form may be wrong."""
        token = request.match_info["token"]
        number, colon, secret = token.partition(":")
        if not (number.isdecimal() and colon and secret):
            raise Refused(404, "Not Found")
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            raise Refused(401, "Unauthorized")

    async def _read(self, request: web.Request) -> Call:
        wire, files = await _parameters(request)
        names = {name.lower(): name for name in self._methods}
        asked = request.match_info["method"]
        method = names.get(asked.lower(), asked)
        params = {name: decode(name, value) for name, value in wire.items()}
        self._heard(method, wire, params, files)
        return Call(method=method, params=params, files=files)

    async def _answer(self, call: Call) -> web.Response:
        method = self._methods.get(call.method)
        if method is None:
            return refusal(Refused(404, "Not Found: method not found"))
        try:
            return web.json_response({"ok": True, "result": await method(self.world, call)})
        except Refused as refused:
            return refusal(refused)

    async def _file(self, path: str) -> web.Response:
        file = self.world.files.at(path)
        if file is None:
            return refusal(Refused(404, "Not Found"))
        return web.Response(body=file.data, content_type="application/octet-stream")

    def _heard(self, method: str, wire: Raw, params: Raw, files: Mapping[str, UploadedFile]) -> None:
        """A request came in, before it is worked. `wire` holds the parameters as they came, `params` decoded."""

    async def _worked(
        self, request: web.Request, method: str, answer: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        _ = request, method
        return await answer()


def cut(request: web.Request) -> web.Response:
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _parameters(request: web.Request) -> tuple[dict[str, object], dict[str, UploadedFile]]:
    """Query, JSON, form and multipart alike; file parts stay in memory."""
    wire: dict[str, object] = dict(request.query)
    files: dict[str, UploadedFile] = {}
    if request.content_type == "application/json":
        body = await request.json() if request.can_read_body else {}
        wire |= {name: value for name, value in body.items() if value is not None}
    elif request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                await _read_part(part, wire, files)
    elif request.can_read_body:
        wire |= {name: str(value) for name, value in (await request.post()).items()}
    return wire, files


async def _read_part(part: BodyPartReader, wire: dict[str, object], files: dict[str, UploadedFile]) -> None:
    data = bytes(await part.read())
    name = str(part.name)
    if part.filename is None:
        wire[name] = data.decode("utf-8")
    else:
        mime = part.headers.get("Content-Type", "application/octet-stream")
        files[name] = UploadedFile(name=part.filename, mime=mime, data=data)


async def _get_updates(world: World, call: Call) -> object:
    return await world.updates.poll(call)


async def _without_webhook(world: World, call: Call) -> object:
    """deleteWebhook: there is none."""
    _ = world, call
    return True


_METHODS: Final[Mapping[str, Method]] = {
    "getUpdates": _get_updates,
    "deleteWebhook": _without_webhook,
    **sending.METHODS,
    **editing.METHODS,
    **profile.METHODS,
}


def refusal(refused: Refused) -> web.Response:
    headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after is not None else {}
    return web.json_response(refused.body(), status=refused.status, headers=headers)
