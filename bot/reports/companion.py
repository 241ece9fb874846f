"""What earlier reports of a person say to a new one: what is none of theirs is not told again."""

from bot.reports.reader import ReportReader
from bot.reports.series import SeriesReader
from bot.skin.not_theirs import recognised
from bot.storage.records import PersonGone, PersonRecord, ReportRecord, ReportSummary
from bot.storage.reports.feedback import FeedbackRows
from bot.views.reports import ChangeView


class Companion:
    def __init__(self, *, series: SeriesReader, feedback: FeedbackRows, reader: ReportReader) -> None:
        self._series = series
        self._feedback = feedback
        self._reader = reader

    async def recognised(self, person: PersonRecord, report: ReportRecord) -> ReportRecord:
        """A new report without what they said before is none of theirs; one that was on the screen stays as it is.

        Raises PersonGone.
        """
        if report.summary is not None:
            return report
        known = await self._feedback.not_theirs(person.id)
        if not known:
            return report
        again = recognised(self._reader.analysis(report), known)
        if not again.keys and not again.boxes:
            return report
        kept = await self._feedback.apply_not_theirs(person.id, report.id, again.keys, again.boxes)
        if kept is None:
            raise PersonGone
        return kept

    async def change(self, person: PersonRecord, report: ReportRecord, summary: ReportSummary) -> ChangeView | None:
        """What is different since an earlier one, in one line."""
        return await self._series.since_last(person, report, summary)
