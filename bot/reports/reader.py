"""What a stored answer says: the report and its view, the same for a new one and for a past one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.skin.advice import is_one_of, step_after
from bot.skin.analysis import Analysis, Provider
from bot.skin.assess import assess
from bot.skin.card import views_of
from bot.skin.not_theirs import without
from bot.skin.question import QuestionAnswer, flagged, is_asked
from bot.skin.quiet import without_numbers
from bot.skin.report import Report, Step
from bot.storage.records import PersonRecord, ReportRecord
from bot.views.reports import ReportView

ReadBack = Callable[[str], Analysis]
"""A stored raw answer, parsed again."""


class NotAnalysed(Exception):
    """The report has no answer (yet)."""


@dataclass(frozen=True, kw_only=True)
class ReadAnswer:
    """What was measured, and what is told of it: a third of a millisecond of CPU to read from a stored answer."""

    analysis: Analysis
    report: Report


class ReportReader:
    def __init__(self, *, readers: Mapping[Provider, ReadBack]) -> None:
        self._readers = readers

    def analysis(self, report: ReportRecord) -> Analysis:
        """What may be told of its answer today, without the spots that are none of theirs. Raises NotAnalysed."""
        if report.answer is None or report.instrument is None:
            raise NotAnalysed
        measured = self._readers[report.instrument.provider](report.answer)
        return without(report.instrument.as_told_today(measured), report.remarks.left_out)

    def told(self, person: PersonRecord, report: ReportRecord) -> ReadAnswer:
        """Raises NotAnalysed."""
        analysis = self.analysis(report)
        doubts = frozenset(report.facts.doubts) if report.facts else frozenset()
        told = assess(analysis, doubts=doubts, show_skin_age=person.show_skin_age, disputed=report.disputed)
        return ReadAnswer(analysis=analysis, report=_advised(told, report))

    def view(
        self,
        person: PersonRecord,
        report: ReportRecord,
        *,
        told: ReadAnswer | None = None,
        shown_again: bool = False,
        offers_picture: bool = False,
    ) -> ReportView:
        """As the person wants it told: without numbers in quiet mode. Raises NotAnalysed."""
        answer = told or self.told(person, report)
        turns = person.keeps_pictures and not offers_picture  # else the selfie can't be had again for another drawing
        whole, left_out = answer.report, person.hidden_marks | report.disputed
        return ReportView(
            number=report.number,
            when=report.requested_at,
            report=without_numbers(whole) if person.quiet else whole,
            album=_album(report),
            has_redness=report.red_map is not None and whole.shows_redness,
            shown_again=shown_again,
            offers_picture=offers_picture,
            cards=views_of(answer.analysis, whole, left_out=left_out) if turns else (),
            note=report.note,
            somebody_else=report.remarks.somebody_else,
            asks=is_asked(whole) and report.remarks.answer is None and not report.remarks.somebody_else,
            answer=_standing(whole, report),
            tried=report.remarks.tried,
        )


def _advised(told: Report, report: ReportRecord) -> Report:
    """With the step that was told at first, as long as it fits, or the one that the person's answer asks for."""
    kept = report.summary.step if report.summary else None
    step = Step(kept) if kept is not None and is_one_of(kept, told.step) else told.step
    answer = _standing(told, report)
    if answer is None:
        return replace(told, step=step)
    return replace(flagged(told, answer), step=step_after(answer, step))


def _standing(told: Report, report: ReportRecord) -> QuestionAnswer | None:
    """Their answer, while what was asked about is theirs. That it hurts is heard whatever they said besides."""
    answer = report.remarks.answer
    return answer if is_asked(told) or answer is QuestionAnswer.HURTS else None


def _album(report: ReportRecord) -> tuple[int, int] | None:
    """(chosen photo, how many there were), counted from one; None for a single photo."""
    if len(report.photos) < 2 or report.chosen is None:
        return None
    return report.chosen + 1, len(report.photos)
