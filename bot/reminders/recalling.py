"""The one line about the past: the story so far, what changed by the newest report, or what stood out."""

from collections.abc import Awaitable, Callable

from bot.people.consent import People
from bot.storage.records import PersonRecord
from bot.storage.reports.reports import ReportRows
from bot.views.reminders import Recalled
from bot.views.reports import PastLines


class Recalling:
    """`lines`: what a person's newest report says of the past."""

    def __init__(
        self, *, reports: ReportRows, people: People, lines: Callable[[PersonRecord], Awaitable[PastLines]]
    ) -> None:
        self._reports = reports
        self._people = people
        self._lines = lines

    async def last_line(self, person: PersonRecord) -> Recalled | None:
        """None without a report, and for a person whose consent is not there (any more)."""
        if not self._people.consents(person):
            return None
        newest = await self._reports.history(person.id, offset=0, limit=1)
        if not newest:
            return None
        when = newest[0].when
        lines = await self._lines(person)
        change = lines.change
        told = change if change is not None and not (change.differs or change.repeat or change.anew) else None
        return Recalled(number=newest[0].number, when=when, watch=newest[0].watch, change=told, story=lines.story)
