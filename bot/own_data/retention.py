"""What goes by itself: people who have not been here for 24 months, told before; and records of passing use."""

import asyncio
import logging
from contextlib import suppress
from typing import Final

from bot.clock import Clock
from bot.own_data.erasing import Erasing
from bot.own_data.trimming import Trimming
from bot.people.voice import Voice
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.people.retention import KEPT, NOTICE, RetentionRows
from bot.storage.people.sent_messages import SentMessageRows
from bot.telegram.errors import DeliveryError
from bot.views.own_data import RetentionNoticeView

_log = logging.getLogger(__name__)

_FIRST_AFTER_SECONDS: Final = 60.0  # at a start there are people who wait
_SWEEP_EVERY_SECONDS: Final = 3600.0
_AT_ONCE: Final = 200  # notices in one sweep: nobody waits for them, and others do wait for Telegram
_BATCH: Final = 50


class Retention:
    def __init__(
        self,
        *,
        rows: RetentionRows,
        said: SentMessageRows,
        erasing: Erasing,
        trimming: Trimming,
        voice: Voice,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._said = said
        self._erasing = erasing
        self._trimming = trimming
        self._voice = voice
        self._now = now

    async def run(self) -> None:
        """Sweep every hour until cancelled; two processes that do so don't get into each other's way."""
        await asyncio.sleep(_FIRST_AFTER_SECONDS)
        while True:
            with suppress(DatabaseUnavailable):  # the next hour will do
                await self.sweep()
            await asyncio.sleep(_SWEEP_EVERY_SECONDS)

    async def sweep(self) -> None:
        """Once through: forget what can't be taken back any more, tell who is to be told, erase who was."""
        now = self._now()
        await self._said.prune(now=now)
        await self._rows.prune_proofs(now=now)
        await self._rows.forget_waiting(now=now)
        await self._trimming.trim()
        await self._tell()
        await self._erase()

    async def _tell(self) -> None:
        for _ in range(_AT_ONCE):
            person = await self._rows.claim_notice(now=self._now())
            if person is None:
                return
            try:
                await self._voice.say(person, RetentionNoticeView(day=self._now() + NOTICE))
            except DeliveryError as error:
                if not error.permanent:
                    await self._rows.put_off_notice(person.id)
                    return  # Telegram is away: the next sweep goes on

    async def _erase(self) -> None:
        unseen_since = self._now() - KEPT
        erased, after = 0, 0
        while people := await self._rows.lapsed(now=self._now(), after=after, limit=_BATCH):
            for person_id in people:
                erased += await self._erasing.lapse(person_id, unseen_since=unseen_since)
            after = people[-1]
        if erased:
            _log.info("%d people who had not been here for long were erased", erased)
