"""What follows a delivered report: after several in a day a kind word that skin changes over weeks; a suggestion."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.people.voice import Voice
from bot.storage.people.efforts import CLOCKS_DIFFER
from bot.storage.people.retention import RetentionRows
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import DeliveryError
from bot.views.reports import NoteView

_log = logging.getLogger(__name__)

Suggest = Callable[[PersonRecord], Awaitable[None]]
"""Tells a person of what else there is."""

_MANY: Final = 4
_A_DAY: Final = timedelta(hours=24)


class Afterwards:
    """`suggest` tells of what else there is. Nothing of this is a reason for a report not to be there."""

    def __init__(
        self,
        *,
        rows: ReportRows,
        told: RetentionRows,
        voice: Voice,
        still_permits: Callable[[int], Awaitable[bool]],
        suggest: Suggest,
        now: Clock,
    ) -> None:
        self._rows = rows
        self._told = told
        self._voice = voice
        self._still_permits = still_permits
        self._suggest = suggest
        self._now = now

    async def after_report(self, person: PersonRecord, report: ReportRecord) -> None:
        """Nothing for whoever took their permission back meanwhile."""
        if await self._still_permits(person.id):
            await self._tell_note(person, report)
            await self._kind_word(person)
            await self._suggest(person)

    async def _tell_note(self, person: PersonRecord, report: ReportRecord) -> None:
        """What was written under a selfie is kept as a note: nobody is to find that out later."""
        if report.note:
            try:
                await self._voice.say(person, "note_saved", NoteView(number=report.number, note=report.note))
            except DeliveryError:
                _log.info("that a caption is kept as a note could not be told; the report has it")

    async def _kind_word(self, person: PersonRecord) -> None:
        """With the fourth report within a day, once a day."""
        now = self._now()
        fourth = await self._rows.nth_latest_at(person.id, _MANY)
        if fourth is None or not now - _A_DAY < fourth <= now + CLOCKS_DIFFER:
            return
        if not await self._told.claim_rest(person.id, now=now, once_in=_A_DAY):
            return
        try:
            await self._voice.say(person, "gentle")
        except DeliveryError:
            _log.info("the note on taking it easy could not be delivered; the report is on its way")
