"""The one status message of a selfie: it appears, says how far things are, and becomes the report or the reason."""

import logging
from datetime import datetime

from bot.clock import Clock
from bot.people.voice import Voice
from bot.storage.records import PersonRecord, ReportRecord
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import MessageLost, NotDelivered

_log = logging.getLogger(__name__)


class StatusMessage:
    def __init__(self, *, rows: ReportRows, voice: Voice, now: Clock) -> None:
        self._rows = rows
        self._voice = voice
        self._now = now

    async def appear(self, person: PersonRecord, report: ReportRecord, *, then_due: datetime) -> None:
        """Show the status message (again), and only then let the work begin, at `then_due`.

        Without it (Telegram does not answer) the work begins all the same, and the report comes as a new message.
        """
        message_id = report.status_message_id
        try:
            if message_id is None:
                asked_by = report.photos[0].message_id
                message_id = await self._voice.promise(person, "status_checking", reply_to=asked_by)
            else:
                await self._voice.revise(person, message_id, "status_checking")
        except NotDelivered:
            _log.info("report row %d: no status message", report.id)
        await self._rows.begin(report.id, status_message_id=message_id, not_before=then_due, now=self._now())

    def seen(self, person: PersonRecord, message_id: int) -> None:
        """A selfie is stored: a sign on it, before anything can be said about it."""
        self._voice.react_soon(person, message_id)

    def say(self, person: PersonRecord, report: ReportRecord, name: str) -> None:
        """Tell the person how far it is, when there is time for it: the work does not wait for that."""
        if report.status_message_id is not None:
            self._voice.revise_soon(person, report.status_message_id, name)

    async def end(self, person: PersonRecord, report: ReportRecord, name: str, view: object | None = None) -> int:
        """The status message becomes this text; without one, it is a message of its own. Returns its id.

        Raises DeliveryError.
        """
        if report.status_message_id is not None:
            try:
                await self._voice.revise(person, report.status_message_id, name, view)
            except MessageLost:
                _log.info("report row %d: the status message is gone", report.id)
            else:
                return report.status_message_id
        return await self._voice.say(person, name, view)
