"""What a stored answer says: the report and its view, the same for a new one and for a past one."""

from collections.abc import Callable, Mapping

from bot.skin.analysis import Analysis, Provider
from bot.skin.assess import assess
from bot.skin.quiet import without_numbers
from bot.skin.report import Report
from bot.storage.records import PersonRecord, ReportRecord
from bot.views import ReportView

ReadBack = Callable[[str], Analysis]
"""A stored raw answer, parsed again."""


class NotAnalysed(Exception):
    """The report has no answer (yet)."""


class Teller:
    def __init__(self, *, readers: Mapping[Provider, ReadBack]) -> None:
        self._readers = readers

    def analysis(self, report: ReportRecord) -> Analysis:
        """Raises NotAnalysed."""
        if report.answer is None or report.provider is None:
            raise NotAnalysed
        return self._readers[report.provider](report.answer)

    def view(
        self, person: PersonRecord, report: ReportRecord, *, shown_again: bool = False, offers_picture: bool = False
    ) -> ReportView:
        """As the person wants it told: without numbers in quiet mode. Raises NotAnalysed."""
        told = self.report(person, report)
        return ReportView(
            number=report.number,
            when=report.requested_at,
            report=without_numbers(told) if person.quiet else told,
            album=_album(report),
            has_redness=report.red_map is not None,
            shown_again=shown_again,
            offers_picture=offers_picture,
            note=report.note,
            disputed=report.disputed,
        )

    def report(self, person: PersonRecord, report: ReportRecord) -> Report:
        doubts = frozenset(report.facts.doubts) if report.facts else frozenset()
        return assess(self.analysis(report), doubts=doubts, show_skin_age=person.show_skin_age)


def _album(report: ReportRecord) -> tuple[int, int] | None:
    """(chosen photo, how many there were), counted from one; None for a single photo."""
    if len(report.photos) < 2 or report.chosen is None:
        return None
    return report.chosen + 1, len(report.photos)
