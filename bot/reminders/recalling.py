"""The one line about the past: the story so far, what changed by the newest report, or what stood out."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from bot.people.consent import People
from bot.skin.advice import step_after
from bot.skin.report import Step
from bot.storage.records import HistoryRecord, PersonRecord, Tried
from bot.storage.reports.reports import ReportRows
from bot.views.reminders import AskedStep, Recalled
from bot.views.reports import PastLines

_LOOKED_AT: Final = 8  # of the newest; those of somebody else are passed over


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
        rows = await self._reports.history(person.id, offset=0, limit=_LOOKED_AT)
        newest = [row for row in rows if not row.remarks.somebody_else]
        if not newest:
            return None
        when = newest[0].when
        lines = await self._lines(person)
        change = lines.change
        told = change if change is not None and not (change.differs or change.repeat or change.anew) else None
        return Recalled(
            number=newest[0].number,
            when=when,
            watch=newest[0].watch,
            change=told,
            story=lines.story,
            asked=_asked(newest),
            step=newest[0].summary.step,
        )


def _asked(newest: Sequence[HistoryRecord]) -> AskedStep | None:
    """What they wanted to try, of the newest report of which they said so, until they told what became of it."""
    planned = next((row for row in newest if row.remarks.tried is not None), None)
    if planned is None or planned.remarks.tried is not Tried.PLANNED or planned.summary.step is None:
        return None
    answer = planned.remarks.answer
    step = planned.summary.step if answer is None else step_after(answer, Step(planned.summary.step)).value
    return AskedStep(number=planned.number, step=step)
