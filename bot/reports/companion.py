"""What earlier reports of a person say to a new one: what is none of theirs, the story, the next step."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.reports.reader import ReadAnswer, ReportReader
from bot.reports.series import SeriesReader, summary_of
from bot.skin.advice import next_step
from bot.skin.not_theirs import recognised
from bot.storage.people.feelings import FeelingRows
from bot.storage.records import PersonGone, PersonRecord, ReportRecord, ReportSummary
from bot.storage.reports.feedback import FeedbackRows
from bot.views.reports import FeltView, ReportView

_LATELY: Final = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class ToldReport:
    """A report as its person reads it, and what it leaves to be followed by."""

    view: ReportView
    summary: ReportSummary


class Companion:
    def __init__(
        self, *, series: SeriesReader, feedback: FeedbackRows, feelings: FeelingRows, reader: ReportReader
    ) -> None:
        self._series = series
        self._feelings = feelings
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

    async def told(self, person: PersonRecord, report: ReportRecord, answer: ReadAnswer) -> ToldReport:
        """With the one line about what was before."""
        summary = summary_of(report, answer)
        lines = await self._series.lines(person, report, summary)
        if report.summary is None:
            step = next_step(answer.report.step, lines.steps)
            answer = replace(answer, report=replace(answer.report, step=step))
        view = replace(
            self._reader.view(person, report, told=answer),
            change=lines.change,
            story=lines.story,
            trying=lines.trying,
        )
        if answer.report.redness_is_hard and not report.remarks.somebody_else:
            felt = await self._felt(person, report)
            view = replace(view, felt=felt, offers_feeling=felt is None)
        celebrated = lines.story.story.measure if lines.story and lines.story.celebrated else None
        return ToldReport(view=view, summary=replace(summary, celebrated=celebrated, step=answer.report.step.value))

    async def _felt(self, person: PersonRecord, report: ReportRecord) -> FeltView | None:
        """How their skin felt around the time of that photo; None where they did not say."""
        told = await self._feelings.newest(person.id, limit=1)
        lately = [each for each in told if abs(report.requested_at - each.at) <= _LATELY]
        return FeltView(when=lately[0].at, told=lately[0].told, quiet=person.quiet) if lately else None
