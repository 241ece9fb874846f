"""How a person wants their pictures drawn, and a name for it, so that a stored drawing is known to be of that look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from bot.skin.analysis import Box, MarkKind
from bot.storage.records import PersonRecord, ReportRecord

_QUIET: Final = "quiet"


@dataclass(frozen=True, kw_only=True)
class Look:
    """Kinds of marks that are left out, and whether the legend counts."""

    hidden: frozenset[MarkKind] = frozenset()
    counts: bool = True

    @classmethod
    def of(cls, person: PersonRecord, report: ReportRecord) -> Self:
        """What the person called not true of the report is not drawn either."""
        untrue = {kind for kind in MarkKind if kind in report.disputed}
        counts = report.instrument is None or report.instrument.counts_spots
        return cls(hidden=person.hidden_marks | untrue, counts=counts and not person.quiet)

    @property
    def name(self) -> str | None:
        """None for the look that everybody starts with."""
        return " ".join([*sorted(self.hidden), *(() if self.counts else (_QUIET,))]) or None

    def shown(self, marks: Mapping[MarkKind, tuple[Box, ...]]) -> dict[MarkKind, tuple[Box, ...]]:
        return {kind: boxes for kind, boxes in marks.items() if kind not in self.hidden}
