"""The loopback Telegram as tests need it: it keeps every request, fails when it is told to, and pushes to a webhook."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from aiohttp import web

from bot.playground.server.telegram import LoopbackTelegram, cut, refusal
from bot.playground.server.wire import Raw, Refused, UploadedFile
from bot.playground.server.world import Chat, Reach
from tests.telegram.faults import Delay, DropAfter, DropBefore, Fault, Garbage, Refuse
from tests.telegram.people import Actor, Group
from tests.telegram.schema import Schema
from tests.telegram.webhook import Webhook


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """One request of the bot. `wire` holds the parameters as they came, `params` decoded."""

    method: str
    params: Mapping[str, object]
    wire: Mapping[str, object] = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)


class StagedTelegram(LoopbackTelegram):
    """`schema`: the machine-readable Bot API; where given, `violations` lists every request that it does not allow.

    `webhook_second`: how long a second of pause between webhook deliveries lasts.
    """

    def __init__(
        self,
        *,
        token: str = "12345:loopback",  # noqa: S107 - it opens nothing else
        port: int = 0,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        schema: Path | None = None,
        webhook_second: float = 1.0,
        bot_name: str = "Skin",
        numbers_from: int = 1,
    ) -> None:
        super().__init__(token=token, port=port, clock=clock, bot_name=bot_name, numbers_from=numbers_from)
        self.requests: list[Recorded] = []
        self.violations: list[str] = []
        self._schema = Schema(schema) if schema else None
        self._faults: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._webhook = Webhook(self.world.updates, second=webhook_second)
        self._methods |= self._webhook.methods()
        self._groups: dict[int, Group] = {}
        self._actors: dict[int, Actor] = {}

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._closing = True
        await self._webhook.stop()
        await super().__aexit__(kind, error, traceback)

    def person(self, user_id: int, *, first_name: str = "Ada", language_code: str | None = "en") -> Actor:
        """As the server's own; the person is one whom the test plays."""
        super().person(user_id, first_name=first_name, language_code=language_code)
        return self._actors[user_id]

    def _new_person(self, chat: Chat, language_code: str | None) -> Actor:
        return self._actors.setdefault(chat.chat_id, Actor(self.world, chat, language_code=language_code))

    def group(self, chat_id: int = -1_001_234_567_890, *, title: str = "Friends") -> Group:
        """A group that the bot is in."""
        if chat_id not in self._groups:
            chat = Chat(chat_id=chat_id, card={"type": "supergroup", "title": title}, reach=Reach.OPEN)
            self.world.chats[chat_id] = chat
            self._groups[chat_id] = Group(self.world, chat)
        return self._groups[chat_id]

    def fail_next(self, method: str, *faults: Fault) -> None:
        """The next requests of this method meet these faults, one each. "file" stands for downloads."""
        self._faults[method].extend(faults)

    def calls(self, method: str) -> list[Recorded]:
        return [request for request in self.requests if request.method == method]

    def _heard(self, method: str, wire: Raw, params: Raw, files: Mapping[str, UploadedFile]) -> None:
        if self._schema:
            self.violations += self._schema.violations(method, wire, files)
        contents = {name: upload.data for name, upload in files.items()}
        self.requests.append(Recorded(method=method, params=params, wire=wire, files=contents))

    async def _worked(
        self, request: web.Request, method: str, answer: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        match self._faults[method].popleft() if self._faults[method] else None:
            case None:
                return await answer()
            case Delay(seconds=seconds):
                await asyncio.sleep(seconds)
                return await answer()
            case Refuse() as fault:
                return refusal(Refused(fault.status, fault.description, retry_after=fault.retry_after))
            case Garbage() as fault:
                return web.Response(body=fault.body, status=fault.status, content_type="text/html")
            case DropBefore():
                return cut(request)
            case DropAfter():
                await answer()
                return cut(request)
