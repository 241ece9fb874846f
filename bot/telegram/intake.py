"""How updates come in: stored first, acknowledged then, worked in order for one chat and side by side for several."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from telegram import Bot, Update

from bot.clock import Clock
from bot.jobs.slots import Slots
from bot.listening import heard
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.priority import behind_others
from bot.storage.inbox import InboxRows, number_of

_log = logging.getLogger(__name__)

_Row = tuple[int, int | None, str]  # update id, chat, raw JSON

_KEPT_BACK_AFTER: Final = 3  # deaths of a process; it may be the update's fault, or a day of crashes
_KEPT_BACK_SECONDS: Final = 60.0
_MAX_ATTEMPTS: Final = 6
_AT_ONCE: Final = 64
_WITH_FILES_AT_ONCE: Final = 8  # a flood of photos is taken on no later for that, and commands pass it by
_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 15.0


class Intake(Protocol):
    """Where polling and the webhook hand in what came."""

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        """Store updates in one commit, then let them be worked. Ones that were stored before are left alone.

        An update counts as taken when it is committed. Raises DatabaseUnavailable.
        """
        ...

    async def resume(self) -> None:
        """Let be worked what an earlier process left."""
        ...

    async def drain(self) -> None:
        """Wait until everything that this process took on is worked."""
        ...


class WorkUpdate(Protocol):
    async def __call__(self, update_id: int, text: str, *, begun: bool = False) -> None:
        """`begun`: its first try is counted already. Raises DatabaseUnavailable: then it has to be worked again."""
        ...


# An update goes: stored (one commit for a batch) → acknowledged to Telegram → worked in its chat's order → finished.
# A crash in between leaves a row that is not finished, which the next start works. Because an update may be what
# crashed the process, each try is counted before it is made: of what begins as soon as it is stored, by that commit.


class OneUpdate:
    """Works one stored update; `work` handles it. One that fails again and again is set aside.

    The tries are counted before they are made, so that an update which kills its process is set aside as well. One
    that was under way when a process died is a suspect: suspects are worked one by one, so that only one is counted
    when it happens again. After three deaths it is worked when the process has done other things for a while (and a
    while longer after each further one), after six it is set aside.
    """

    def __init__(
        self,
        *,
        inbox: InboxRows,
        bot: Bot,
        work: Callable[[Update], Awaitable[None]],
        now: Clock,
        kept_back_s: float = _KEPT_BACK_SECONDS,
    ) -> None:
        self._inbox = inbox
        self._bot = bot
        self._work = work
        self._now = now
        self._counted: set[int] = set()  # tried here, and put off because of the database
        self._kept_back_s = kept_back_s
        self._suspects = asyncio.Lock()

    async def work_stored(self, update_id: int) -> None:
        """Work it unless somebody has. Raises DatabaseUnavailable: then it has to be worked again."""
        text = await self._inbox.unfinished_text(update_id)
        if text is not None:
            await self.work(update_id, text)

    async def work(self, update_id: int, text: str, *, begun: bool = False) -> None:
        """See `WorkUpdate`."""
        update = _parsed(text, self._bot)
        if update is None:
            await self._set_aside(update_id, text)
        elif begun or update_id in self._counted or await self._inbox.begin_first_try(update_id):
            await self._try(update_id, update)
        else:
            await self._try_suspect(update_id, update)

    async def _try_suspect(self, update_id: int, update: Update) -> None:
        deaths = await self._inbox.attempts(update_id)
        await asyncio.sleep(self._kept_back_s * max(0, deaths - _KEPT_BACK_AFTER + 1))
        async with self._suspects:
            if await self._inbox.unfinished_text(update_id) is None:
                return  # worked while it was looked up
            if await self._inbox.attempt(update_id) > _MAX_ATTEMPTS:
                await self._set_aside(update_id, update.to_json())
            else:
                await self._try(update_id, update)

    async def _try(self, update_id: int, update: Update) -> None:
        self._counted.add(update_id)
        await self._work(update)
        await self._inbox.finish(update_id, now=self._now())
        self._counted.discard(update_id)

    async def _set_aside(self, update_id: int, text: str) -> None:
        """A cry for help is kept nowhere, not even sealed."""
        _log.error("update %d failed again and again: it is set aside", update_id)
        await self._inbox.set_aside(update_id, now=self._now(), wiped=_says_something(text))


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """A stored update in its lane."""

    update_id: int
    text: str
    with_file: bool
    begun: bool = False


class UpdateIntake:
    """The intake of the one process that has the whole database (SQLite): a lane for each chat."""

    def __init__(self, *, inbox: InboxRows, work: WorkUpdate, now: Clock, bot_id: int = 0) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._work = work
        self._now = now
        self._lanes: dict[int | None, deque[_Waiting]] = {}
        self._places = {True: Slots(_WITH_FILES_AT_ONCE), False: Slots(_AT_ONCE)}
        self._walking: set[asyncio.Task[None]] = set()
        self._queued: set[int] = set()
        self._in_doubt = False

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        rows = _rows(updates, self._bot_id)
        begun = self._that_begin_at_once(updates, rows)
        try:
            new = set(await self._inbox.take(rows, now=self._now(), begun=begun))
        except DatabaseUnavailable:
            self._in_doubt = True  # the commit may have happened, and then the updates will not be new next time
            raise
        for raw, (update_id, chat, text) in zip(updates, rows, strict=True):
            if update_id in new:
                waiting = _Waiting(
                    update_id=update_id, text=text, with_file=_brings_file(raw), begun=update_id in begun
                )
                self._enqueue(chat, waiting)
        if self._in_doubt:
            await self._resolve_doubt()

    def _that_begin_at_once(self, updates: Sequence[Mapping[str, object]], rows: Sequence[_Row]) -> frozenset[int]:
        """Words and taps that find their chat's lane empty and a place free: somebody waits for an answer."""
        begun: dict[int | None, int] = {}  # by chat
        for raw, (update_id, chat, _) in zip(updates, rows, strict=True):
            if len(begun) < self._places[False].free and not (
                chat in self._lanes or chat in begun or _brings_file(raw)
            ):
                begun[chat] = update_id
        return frozenset(begun.values())

    async def resume(self) -> None:
        """Queue what is stored, not finished and not queued: an earlier process's, or of a commit in doubt.

        Suspects are among them, which may wait for minutes: so all of these have the many places.
        """
        for update_id, text in await self._inbox.unfinished():
            self._enqueue(
                chat_of(json.loads(text)) if text else None, _Waiting(update_id=update_id, text=text, with_file=False)
            )

    async def drain(self) -> None:
        while self._walking:
            await asyncio.wait(self._walking)

    async def _resolve_doubt(self) -> None:
        self._in_doubt = False  # before: another commit may fail while this looks
        try:
            await self.resume()
        except DatabaseUnavailable:
            self._in_doubt = True
            raise

    def _enqueue(self, chat: int | None, waiting: _Waiting) -> None:
        if waiting.update_id in self._queued:
            return
        self._queued.add(waiting.update_id)
        lane = self._lanes.get(chat)
        if lane is not None:
            lane.append(waiting)
            return
        self._lanes[chat] = deque([waiting])
        task = asyncio.create_task(self._walk(chat))
        self._walking.add(task)
        task.add_done_callback(self._walking.discard)

    async def _walk(self, chat: int | None) -> None:
        lane, pause = self._lanes[chat], _FIRST_PAUSE_SECONDS
        while lane:
            async with self._places[lane[0].with_file].taken():
                done = await self._worked(lane[0])
            if done:
                self._queued.discard(lane.popleft().update_id)
                pause = _FIRST_PAUSE_SECONDS
            else:
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
        del self._lanes[chat]

    async def _worked(self, waiting: _Waiting) -> bool:
        """False when it has to be worked again, before the others of its chat."""
        try:
            with behind_others(wanted=waiting.with_file):
                await self._work(waiting.update_id, waiting.text, begun=waiting.begun)
        except DatabaseUnavailable:
            _log.warning("update %d waits for the database", waiting.update_id)
            return False
        except Exception:  # noqa: BLE001 - the last line of a lane: its other updates go on
            _log.exception("update %d failed; the others of its chat go on", waiting.update_id)
        return True


class SharedIntake:
    """The intake of one of many processes (PostgreSQL): a stored update is a job by the database's own trigger."""

    def __init__(self, *, inbox: InboxRows, now: Clock, bot_id: int = 0) -> None:
        self._inbox = inbox
        self._bot_id = bot_id
        self._now = now

    async def take(self, updates: Sequence[Mapping[str, object]]) -> None:
        await self._inbox.take(_rows(updates, self._bot_id), now=self._now())

    async def resume(self) -> None:
        """Nothing: the jobs of what was left are in the queue."""

    async def drain(self) -> None:
        """Nothing: what was taken is in the queue, see `Jobs.drain`."""


def _brings_file(raw: Mapping[str, object]) -> bool:
    message = raw.get("message")
    return isinstance(message, Mapping) and ("photo" in message or "document" in message)


def _rows(updates: Sequence[Mapping[str, object]], bot_id: int) -> list[_Row]:
    return [
        (number_of(bot_id, update_id_of(raw)), chat_of(raw), json.dumps(raw, ensure_ascii=False)) for raw in updates
    ]


def _parsed(text: str, bot: Bot) -> Update | None:
    """None for an update that the library can't read, whatever is wrong with it."""
    try:
        return Update.de_json(json.loads(text), bot)
    except Exception:  # noqa: BLE001 - de_json trusts its input and raises whatever a wrong shape leads to
        _log.exception("an update can't be read")
        return None


def _says_something(text: str) -> bool:
    """Whether what a person wrote is something that is heard and never kept."""
    try:
        bodies = [body for body in json.loads(text).values() if isinstance(body, Mapping)]
    except (ValueError, AttributeError):
        return False
    written = (body.get(part) for body in bodies for part in ("text", "caption"))
    return any(heard(words) is not None for words in written if isinstance(words, str))


def update_id_of(raw: Mapping[str, object]) -> int:
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


Take = Callable[[Sequence[Mapping[str, object]]], Awaitable[None]]


def new_intake(one_update: OneUpdate, *, inbox: InboxRows, shared: bool, bot_id: int, now: Clock) -> Intake:
    """`shared`: updates are jobs, which any of many processes may work."""
    if shared:
        return SharedIntake(inbox=inbox, now=now, bot_id=bot_id)
    return UpdateIntake(inbox=inbox, work=one_update.work, now=now, bot_id=bot_id)
