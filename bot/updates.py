"""How updates come in: stored first, acknowledged then, worked in order for one chat and side by side for several."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.storage.database import DatabaseUnavailable
from bot.storage.inbox import Inbox

_log = logging.getLogger(__name__)

POLL_SECONDS: Final = 30
_MAX_ATTEMPTS: Final = 3
_AT_ONCE: Final = 64
_UNTIL_OTHER_ENDS_SECONDS: Final = 5.0


class PollingEnded(Exception):
    """Telegram will not hand updates to this process any more; the supervisor should see it end."""


class UpdateIntake:
    """Takes raw updates from polling or a webhook; `work` handles one of them.

    An update counts as taken when it is committed. One that fails again and again is set aside, so that it can't
    hold up its chat for ever.
    """

    def __init__(
        self, *, inbox: Inbox, bot: Bot, work: Callable[[Update], Awaitable[None]], now: Callable[[], datetime]
    ) -> None:
        self._inbox = inbox
        self._bot = bot
        self._work = work
        self._now = now
        self._lanes: dict[int | None, deque[tuple[int, str]]] = {}
        self._places = asyncio.Semaphore(_AT_ONCE)
        self._walking: set[asyncio.Task[None]] = set()
        self._queued: set[int] = set()
        self._in_doubt = False

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        """Store updates in one commit, then let them be worked. Ones that were stored before are left alone."""
        rows = [(_update_id(raw), chat_of(raw), json.dumps(raw, ensure_ascii=False)) for raw in updates]
        try:
            new = set(await self._inbox.take(rows, now=self._now()))
        except DatabaseUnavailable:
            self._in_doubt = True  # the commit may have happened, and then the updates will not be new next time
            raise
        for update_id, chat, text in rows:
            if update_id in new:
                self._enqueue(update_id, chat, text)
        if self._in_doubt:
            await self.resume()
            self._in_doubt = False

    async def resume(self) -> None:
        """Queue what is stored, not finished and not queued: an earlier process's, or of a commit in doubt."""
        for update_id, text in await self._inbox.unfinished():
            self._enqueue(update_id, chat_of(json.loads(text)), text)

    async def drain(self) -> None:
        """Wait until everything that was taken is worked."""
        while self._walking:
            await asyncio.wait(self._walking)

    def _enqueue(self, update_id: int, chat: int | None, text: str) -> None:
        if update_id in self._queued:
            return
        self._queued.add(update_id)
        lane = self._lanes.get(chat)
        if lane is not None:
            lane.append((update_id, text))
            return
        self._lanes[chat] = deque([(update_id, text)])
        task = asyncio.create_task(self._walk(chat))
        self._walking.add(task)
        task.add_done_callback(self._walking.discard)

    async def _walk(self, chat: int | None) -> None:
        lane = self._lanes[chat]
        while lane:
            async with self._places:
                await self._handle(*lane[0])
            self._queued.discard(lane.popleft()[0])
        del self._lanes[chat]

    async def _handle(self, update_id: int, text: str) -> None:
        try:
            update = _parsed(text, self._bot)
            if update is None or await self._inbox.attempt(update_id) > _MAX_ATTEMPTS:
                _log.error("update %d is set aside", update_id)
                await self._inbox.set_aside(update_id, now=self._now())
                return
            await self._work(update)
            await self._inbox.finish(update_id, now=self._now())
        except Exception:  # noqa: BLE001 - the last line of a lane: its other updates go on, the row waits for a restart
            _log.exception("update %d was not worked", update_id)


def _parsed(text: str, bot: Bot) -> Update | None:
    """None for an update that the library can't read, whatever is wrong with it."""
    try:
        return Update.de_json(json.loads(text), bot)
    except Exception:  # noqa: BLE001 - de_json trusts its input and raises whatever a wrong shape leads to
        _log.exception("an update can't be read")
        return None


def _update_id(raw: Mapping[str, object]) -> int:
    return int(str(raw["update_id"]))


def chat_of(raw: Mapping[str, object]) -> int | None:
    """The chat (or, without one, the person) an update belongs to: what is kept in order."""
    for body in raw.values():
        if not isinstance(body, Mapping):
            continue
        for holder in (body, body.get("message"), {"chat": body.get("from")}):
            chat = holder.get("chat") if isinstance(holder, Mapping) else None
            if isinstance(chat, Mapping) and isinstance(chat.get("id"), int):
                return int(chat["id"])
    return None


async def poll(bot: Bot, take: Callable[[Sequence[Mapping[str, object]]], Awaitable[None]]) -> None:
    """Ask for updates for ever; what was taken is acknowledged by the next question.

    Raises PollingEnded when the token is refused. Other troubles are logged and waited out.
    """
    offset, wait = 0, 1.0
    while True:
        try:
            updates = await _get_updates(bot, offset)
            await take(updates)
        except InvalidToken:
            raise PollingEnded("Telegram refuses the token") from None
        except RetryAfter as error:
            await asyncio.sleep(_seconds_of(error))
        except Conflict as error:
            await _settle(bot, error)
        except (TelegramError, DatabaseUnavailable) as error:
            _log.warning("polling failed, next try in %.0f s: %s", wait, type(error).__name__)
            await asyncio.sleep(wait)
            wait = min(wait * 2, 30.0)
        else:
            wait = 1.0
            offset = max((_update_id(raw) + 1 for raw in updates), default=offset)


async def _settle(bot: Bot, conflict: Conflict) -> None:
    """A webhook that an earlier set-up left is taken down; another poller is only waited for."""
    if "webhook" in str(conflict).lower():
        _log.warning("a webhook was set; it is taken down, because this process polls")
        await bot.delete_webhook()
        return
    _log.error("another process polls with the same token")
    await asyncio.sleep(_UNTIL_OTHER_ENDS_SECONDS)


async def _get_updates(bot: Bot, offset: int) -> Sequence[Mapping[str, object]]:
    """Raw updates: one that python-telegram-bot can't read must not take the others with it."""
    answer = await bot.do_api_request(
        "getUpdates",
        api_kwargs={"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES},
        read_timeout=POLL_SECONDS + 10,
    )
    return answer if isinstance(answer, list) else []


ALLOWED_UPDATES: Final = ["message", "edited_message", "callback_query", "my_chat_member"]


def _seconds_of(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
