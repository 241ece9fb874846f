"""Sends an admin's notices to everybody: one person after another, once each, when nobody else has to wait for it.

The rows are the truth: a person's stands before the message goes, so whatever is killed, nobody is told twice.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from bot.clock import Clock, Wakeup
from bot.config import Config
from bot.operations.informing import NoticeOutcome
from bot.operations.telling import Telling
from bot.people.voice import Voice
from bot.storage.broadcasts import BroadcastRecord, BroadcastRows, BroadcastState
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.priority import behind_others
from bot.storage.people.notices import NoticeRows, ToldOutcome
from bot.storage.people.people import PersonRows
from bot.telegram.errors import DeliveryError, NotDelivered
from bot.views.operator import NoticeProgressView, NoticeView

_log = logging.getLogger(__name__)

_LOOK_EVERY_SECONDS: Final = 5.0  # another process may have been asked
_TRY_AGAIN_SECONDS: Final = 5.0
_SHOW_EVERY_SECONDS: Final = 10.0
_SHARE: Final = 0.2  # of what a process may say: the rest is for answers


def pace_of(config: Config) -> float:
    """People a second."""
    return config.sends_per_second * _SHARE


def notice_view(words: str, config: Config) -> NoticeView:
    return NoticeView(words=words, operator=config.operator_name, contact=config.operator_contact)


class BroadcastFigures:
    """Raises DatabaseUnavailable."""

    def __init__(self, *, rows: BroadcastRows, told: NoticeRows, config: Config) -> None:
        self._rows = rows
        self._told = told
        self._config = config

    async def of(self, broadcast: BroadcastRecord) -> NoticeProgressView:
        became = await self._told.outcomes(broadcast.key)
        going = await self._rows.sending()
        return NoticeProgressView(
            number=broadcast.id,
            going=broadcast.state is BroadcastState.SENDING,
            stopped=broadcast.state is BroadcastState.STOPPED,
            people=broadcast.people,
            told=became.get(ToldOutcome.TOLD, 0),
            unreachable=became.get(ToldOutcome.UNREACHABLE, 0),
            refused=became.get(ToldOutcome.REFUSED, 0),
            doubtful=became.get(None, 0),
            seconds=round(max(0, broadcast.people - sum(became.values())) / pace_of(self._config)),
            follows=broadcast.id in {each.id for each in going[1:]},
        )


class BroadcastSending:
    """One process does this at a time; two that did would tell nobody twice either."""

    def __init__(
        self,
        *,
        rows: BroadcastRows,
        told: NoticeRows,
        people: PersonRows,
        figures: BroadcastFigures,
        telling: Telling,
        voice: Voice,
        config: Config,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._told = told
        self._people = people
        self._figures = figures
        self._telling = telling
        self._voice = voice
        self._config = config
        self._now = now
        self._wakeup = Wakeup()
        self._next_at = 0.0
        self._shown_at = 0.0

    def wake(self) -> None:
        """One is to be sent."""
        self._wakeup.ring()

    async def run(self) -> None:
        """Send what there is until cancelled; then whoever is being told just now has been told."""
        while True:
            self._wakeup.hush()
            try:
                with behind_others():
                    while waiting := await self._rows.sending():
                        await self._send(waiting[0])
            except DatabaseUnavailable:
                _log.warning("a notice to all waits for the database")
            except Exception:  # noqa: BLE001 - the sender's last line: the bot lives on without it, and tries again
                _log.exception("a notice to all was held up; it is tried again soon")
            await self._wakeup.rest(_LOOK_EVERY_SECONDS)

    async def _send(self, broadcast: BroadcastRecord) -> None:
        self._shown_at = _seconds()
        while await self._through(broadcast):  # Telegram wants silence in a chat: time passes  # noqa: ASYNC110
            await asyncio.sleep(_TRY_AGAIN_SECONDS)
        if await self._rows.end(broadcast.id, BroadcastState.DONE, now=self._now()):
            await self._tell_its_admin(broadcast)

    async def _through(self, broadcast: BroadcastRecord) -> bool:
        """Once through everybody who is left; whether somebody has to be told later."""
        view, later, after = notice_view(broadcast.words or "", self._config), False, 0
        while True:
            last, people = await self._told.still_to_tell(broadcast.key, after=after, up_to=broadcast.last_person)
            if last is None:
                return later
            for person in people:
                await self._turn()
                if not await self._rows.is_sending(broadcast.id):
                    return False
                later |= await self._telling.one(person, broadcast.key, view) is NoticeOutcome.SILENT
                await self._show_sometimes(broadcast)
            after = last

    async def _turn(self) -> None:
        await asyncio.sleep(self._next_at - _seconds())
        self._next_at = _seconds() + 1 / pace_of(self._config)

    async def _show_sometimes(self, broadcast: BroadcastRecord) -> None:
        if _seconds() - self._shown_at > _SHOW_EVERY_SECONDS:
            self._shown_at = _seconds()
            await self._show(broadcast)

    async def _show(self, broadcast: BroadcastRecord) -> None:
        """On the screen where it was begun."""
        admin, now = await self._people.by_id(broadcast.person_id), await self._rows.begun(broadcast.id)
        if admin is not None and now is not None and broadcast.message_id is not None:
            with suppress(NotDelivered):  # one look tells it as well
                await self._voice.revise(admin, broadcast.message_id, await self._figures.of(now))

    async def _tell_its_admin(self, broadcast: BroadcastRecord) -> None:
        """In a new message, which is heard; the old one goes."""
        admin, over = await self._people.by_id(broadcast.person_id), await self._rows.begun(broadcast.id)
        if admin is None or over is None:
            return
        if broadcast.message_id is not None:
            await self._voice.take_back(admin, [broadcast.message_id])
        with suppress(DeliveryError):  # /admin tells it as well
            await self._voice.say(admin, await self._figures.of(over))


def _seconds() -> float:
    return asyncio.get_running_loop().time()
