"""Gentle use: after several reports in a day, once, a kind word that skin changes over weeks."""

import logging
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.people.voice import Voice
from bot.storage.people.efforts import CLOCKS_DIFFER
from bot.storage.people.retention import RetentionRows
from bot.storage.records import PersonRecord
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import DeliveryError

_log = logging.getLogger(__name__)

_MANY: Final = 4
_A_DAY: Final = timedelta(hours=24)


class Gentle:
    def __init__(self, *, rows: ReportRows, told: RetentionRows, voice: Voice, now: Clock) -> None:
        self._rows = rows
        self._told = told
        self._voice = voice
        self._now = now

    async def after_report(self, person: PersonRecord) -> None:
        """With the fourth report within a day: say it, once a day. Never a reason for a report not to be there."""
        now = self._now()
        fourth = await self._rows.nth_latest_at(person.id, _MANY)
        if fourth is None or not now - _A_DAY < fourth <= now + CLOCKS_DIFFER:
            return
        if not await self._told.claim_rest(person.id, now=now, once_in=_A_DAY):
            return
        try:
            await self._voice.say(person, "gentle")
        except DeliveryError:
            _log.info("a kind word could not be delivered")
