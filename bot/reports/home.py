"""/start for somebody who is known: their last result, what became of it, and the next thing to do."""

from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.reports.series import SeriesReader
from bot.storage.records import PersonRecord
from bot.storage.reports.reports import ReportRows
from bot.views.person import LastReport, NextThing

_LOOKED_AT: Final = 8  # of the newest; those of somebody else are passed over
_NEXT_AFTER: Final = timedelta(days=7)
_SOON_ENOUGH: Final = timedelta(days=6)  # nobody is sent away for a day


class Home:
    def __init__(self, *, rows: ReportRows, series: SeriesReader, now: Clock) -> None:
        self._rows = rows
        self._series = series
        self._now = now

    async def last(self, person: PersonRecord) -> LastReport | None:
        """None without a report."""
        newest = await self._rows.history(person.id, offset=0, limit=_LOOKED_AT)
        report = next((each for each in newest if not each.remarks.somebody_else), None)
        if report is None:
            return None
        lines = await self._series.latest_lines(person)
        waited = self._now() - report.when
        return LastReport(
            number=report.number,
            when=report.when,
            watch=report.watch,
            change=lines.change,
            story=lines.story,
            next=NextThing.PHOTO if waited >= _SOON_ENOUGH else NextThing.WAIT,
            next_at=report.when + _NEXT_AFTER,
        )
