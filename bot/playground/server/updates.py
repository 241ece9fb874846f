"""Updates that wait for the bot, handed out by getUpdates with the rules of the real server."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.playground.server.wire import Call, Raw, Refused

MESSAGE_LIFE_S: Final = 86_400
CALLBACK_LIFE_S: Final = 150
_MAX_UPDATE_BYTES: Final = 64 * 1024
_CONFLICT_PAUSE_S: Final = 3.0
_ON_REQUEST_ONLY: Final = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_TERMINATED: Final = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_ACTIVE: Final = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """An update, the chat whose order it keeps, and when Telegram forgets it (seconds since 1970)."""

    update_id: int
    chat_id: int
    raw: Raw
    forgotten_at: float


class Updates:
    def __init__(self, clock: Callable[[], datetime], *, first_id: int) -> None:
        self._clock = clock
        self._waiting: list[Waiting] = []
        self._next_id = first_id
        self._allowed: frozenset[str] | None = None
        self._poll: asyncio.Future[bool] | None = None
        self._asked: tuple[int, float] = (0, -100.0)
        self._next_conflict = 0.0
        self.webhook_url = ""
        self.on_new: Callable[[], None] = lambda: None

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """What the bot has not acknowledged yet, oldest first."""
        now = self._clock().timestamp()
        self._waiting = [update for update in self._waiting if update.forgotten_at > now]
        return tuple(self._waiting)

    @property
    def allowed(self) -> list[str] | None:
        return None if self._allowed is None else sorted(self._allowed)

    def push(self, kind: str, body: Raw, *, chat_id: int) -> None:
        """Queue an update, unless the bot did not ask for its kind or it is over 64 KiB."""
        if kind in _ON_REQUEST_ONLY if self._allowed is None else kind not in self._allowed:
            return
        raw: Raw = {"update_id": self._next_id, kind: body}
        if len(json.dumps(raw, ensure_ascii=False).encode("utf-8", "surrogatepass")) > _MAX_UPDATE_BYTES:
            return
        life = CALLBACK_LIFE_S if kind == "callback_query" else MESSAGE_LIFE_S
        until = self._clock().timestamp() + life
        self._waiting.append(Waiting(update_id=self._next_id, chat_id=chat_id, raw=raw, forgotten_at=until))
        self._next_id += 1
        self._wake(new=True)
        self.on_new()

    def allow(self, kinds: list[object]) -> None:
        """What the bot wants to hear; an empty list means the default."""
        self._allowed = frozenset(str(kind) for kind in kinds) or None

    def now(self) -> int:
        return int(self._clock().timestamp())

    def acknowledge(self, update_id: int) -> None:
        """Forget this update."""
        self._waiting = [update for update in self._waiting if update.update_id != update_id]

    def clear(self) -> None:
        self._waiting.clear()

    def close(self) -> None:
        """Let a poll that waits end with what there is."""
        self._wake(new=True)

    async def poll(self, call: Call) -> list[Raw]:
        """getUpdates. Raises Refused (409) while a webhook is set, or when a newer poll takes over."""
        offset, limit, timeout = self._asking(call)
        if self.webhook_url:
            raise await self._conflict(_WEBHOOK_ACTIVE)
        self._wake(new=False)
        self._forget_before(offset)
        if not self.waiting and timeout:
            await self._wait(timeout)
        return [update.raw for update in self.waiting[:limit]]

    def _asking(self, call: Call) -> tuple[int, int, int]:
        offset = call.integer("offset", 0, low=-(2**31), high=2**31 - 1)
        limit = call.integer("limit", 100, low=1, high=100)
        timeout = call.integer("timeout", 0, low=0, high=50)
        if call.has("allowed_updates"):
            self.allow(call.array("allowed_updates"))
        before, at = self._asked
        since = time.monotonic() - at
        self._asked = (offset, time.monotonic())
        if offset == before and since < 3.0:
            timeout = max(timeout, 3)
        if offset == before and since < 0.5:
            limit = 1
        return offset, limit, timeout

    def _forget_before(self, offset: int) -> None:
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [update for update in self._waiting if update.update_id >= offset]

    async def _wait(self, seconds: int) -> None:
        poll: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            async with asyncio.timeout(seconds):
                still_mine = await poll
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None
        if not still_mine:
            raise await self._conflict(_TERMINATED)

    def _wake(self, *, new: bool) -> None:
        if self._poll and not self._poll.done():
            self._poll.set_result(new)
        self._poll = None

    async def _conflict(self, description: str) -> Refused:
        """One at once, further ones only after a pause, as the real server does to busy clients."""
        now = time.monotonic()
        if now < self._next_conflict:
            await asyncio.sleep(_CONFLICT_PAUSE_S)
        else:
            self._next_conflict = now + _CONFLICT_PAUSE_S
        return Refused(409, description)
