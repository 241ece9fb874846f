"""The one line about the past: what changed by the newest report, or what stood out."""

from collections.abc import Awaitable, Callable

from bot.people.consent import People
from bot.storage.records import PersonRecord
from bot.storage.reports.reports import ReportRows
from bot.views.reminders import Recalled
from bot.views.reports import ChangeView


class Recalling:
    """`change`: what is different by a person's newest report since the one before it."""

    def __init__(
        self, *, reports: ReportRows, people: People, change: Callable[[PersonRecord], Awaitable[ChangeView | None]]
    ) -> None:
        self._reports = reports
        self._people = people
        self._change = change

    async def last_line(self, person: PersonRecord) -> Recalled | None:
        """None without a report, and for a person whose consent is not there (any more)."""
        if not self._people.consents(person):
            return None
        newest = await self._reports.history(person.id, offset=0, limit=1)
        if not newest:
            return None
        when = newest[0].when
        change = await self._change(person)
        told = change if change is not None and not (change.differs or change.repeat or change.anew) else None
        return Recalled(number=newest[0].number, when=when, watch=newest[0].watch, change=told)
