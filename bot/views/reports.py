"""Views of reports, of photos on the way to one, and of history. Named by the message each is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.skin.analysis import MarkKind
from bot.skin.card import TOLD
from bot.skin.compare import Change, Difference
from bot.skin.feelings import Feeling
from bot.skin.photo import PhotoIssue, RejectReason
from bot.skin.question import QuestionAnswer
from bot.skin.report import MARK_EMOJI, Finding, Report
from bot.skin.scene import Differs
from bot.skin.story import Story


@dataclass(frozen=True, kw_only=True)
class CountView:
    """cancelled, consent_declined, consent_given (nothing_to_cancel and repeat_ended ignore it)"""

    count: int


@dataclass(frozen=True, kw_only=True)
class NumberView:
    """same_photo, something_wrong (with a report to try again)"""

    number: int


@dataclass(frozen=True, kw_only=True)
class WaitingView:
    """`again_at`: when it is tried again, at the latest; None where nobody knows.

    `offers_here`: it may be read on this machine instead.
    """

    template: ClassVar[str] = "photo_waiting"
    number: int
    again_at: datetime | None = None
    offers_here: bool = False


@dataclass(frozen=True, kw_only=True)
class UnavailableView:
    """`offers_here`: it may be read on this machine instead."""

    template: ClassVar[str] = "analysis_unavailable"
    number: int
    offers_here: bool = False


@dataclass(frozen=True, kw_only=True)
class RednessView:
    """redness. `hardly_any`: next to nothing is colored in the picture."""

    number: int
    hardly_any: bool = False


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """report, details. `album`: (chosen photo counted from one, how many there were).

    `offers_picture`: the picture is not shown, and can be drawn when it is asked for. `note`: what the person wrote to
    it. `somebody_else`: they said that it is of another person. `asks`: the question stands under it; `answer`: what
    they said. `tried`: a Tried's value, of the step. `felt`: how the skin felt, where redness is hard to judge from the
    photo; `offers_feeling`: where that was not told. `trying`: an experiment says when the next photo is due.
    """

    number: int
    when: datetime
    report: Report
    album: tuple[int, int] | None = None
    has_redness: bool = False
    shown_again: bool = False
    offers_picture: bool = False
    cards: tuple[str, ...] = ()
    card: str = TOLD
    note: str | None = None
    change: "ChangeView | None" = None
    story: "StoryView | None" = None
    somebody_else: bool = False
    asks: bool = False
    answer: QuestionAnswer | None = None
    tried: str | None = None
    felt: "FeltView | None" = None
    offers_feeling: bool = False
    trying: bool = False
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)

    @property
    def outlines(self) -> bool:
        """This device's card has nothing to mark: it outlines the parts that were looked at (`OnCard`)."""
        nothing = not self.report.watch and not self.report.also and not self.report.shows_nothing
        return self.report.not_measured and nothing and not self.offers_picture and self.card == TOLD


@dataclass(frozen=True, kw_only=True)
class FeltView:
    """From 0 to 10 how much of each was felt. `quiet`: no numbers."""

    when: datetime
    told: Mapping[Feeling, int]
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class ChangeView:
    """The one line of a report about what is different since an earlier one. `repeat`: that one was measured again.

    `differs`: why the photos don't compare; then nothing is said about the skin. `anew`: that one, and all before it,
    were measured by an earlier version of the same analyzer.
    """

    number: int
    when: datetime
    changes: tuple[Difference, ...] = ()
    differs: frozenset[Differs] = frozenset()
    repeat: bool = False
    anew: bool = False


@dataclass(frozen=True, kw_only=True)
class StoryView:
    """What became of the skin since the first comparable photo, in one line; `since`: its day, in the person's zone.

    `celebrated`: it is better, and this is told for the first time. `long_ago`: months ago; `other_year`: its year has
    to be said. `quiet`: no numbers.
    """

    story: Story
    since: datetime
    celebrated: bool = False
    long_ago: bool = True
    other_year: bool = False
    quiet: bool = False


@dataclass(frozen=True, kw_only=True)
class PastLines:
    """What a report says of the past; neither where there is nothing to compare with. `steps`: those told before.

    `trying`: an experiment is under way, which asks for its own photos and tells at its end.
    """

    change: ChangeView | None = None
    story: StoryView | None = None
    steps: tuple[str, ...] = ()
    trying: bool = False


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """One finding in one plain sentence"""

    template: ClassVar[str] = "finding"
    finding: Finding


@dataclass(frozen=True, kw_only=True)
class TerminalView:
    """`pictures` are the files that were written."""

    template: ClassVar[str] = "terminal"
    report: Report
    pictures: tuple[str, ...] = ()
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)


@dataclass(frozen=True, kw_only=True)
class RejectionView:
    template: ClassVar[str] = "photo_rejected"

    reason: RejectReason


@dataclass(frozen=True, kw_only=True)
class DoubtView:
    template: ClassVar[str] = "photo_doubtful"

    number: int
    issues: frozenset[PhotoIssue]


@dataclass(frozen=True, kw_only=True)
class RefusalView:
    """`reason` is a RefusalReason's (or PhotoIssue's) value; an unknown one is worded generally.

    `may_insist`: False when the person did already.
    """

    template: ClassVar[str] = "photo_refused"
    number: int
    reason: str
    may_insist: bool = True


@dataclass(frozen=True, kw_only=True)
class DailyLimitView:
    template: ClassVar[str] = "daily_limit"

    per_person: bool


class TooMany(StrEnum):
    """Why no further photo of a person is looked at for now."""

    HOUR = "hour"
    DAY = "day"
    UNREADABLE = "unreadable"
    AGAIN = "again"  # of earlier reports, for their pictures


@dataclass(frozen=True, kw_only=True)
class PhotosLimitView:
    template: ClassVar[str] = "photos_limit"

    reason: TooMany


@dataclass(frozen=True, kw_only=True)
class LatePhotoView:
    """`number` is the photo's, `report_number` the report's that was made of the others of its album."""

    template: ClassVar[str] = "photo_late"
    number: int
    report_number: int


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """`watch`: keys of the findings that were to be watched, as kept with the report. `noted`: the person wrote to it;

    `note`: what. `went`: where the first of them went since the last photo that compares.
    """

    number: int
    when: datetime
    watch: tuple[str, ...]
    noted: bool = False
    note: str | None = None
    somebody_else: bool = False
    went: Change | None = None


@dataclass(frozen=True, kw_only=True)
class HistoryView:
    """`page` is counted from 0."""

    template: ClassVar[str] = "history"
    rows: tuple[HistoryRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """note_saved, note_waits: `note` as it is kept, None when it was removed; `cut`: it was longer."""

    number: int
    note: str | None
    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class TriedView:
    """`outcome`: a Tried's value."""

    template: ClassVar[str] = "tried"
    outcome: str


@dataclass(frozen=True, kw_only=True)
class DisputeView:
    """What was seen in a report, each with whether the person called it none of theirs.

    `left_out`: kinds of which some were left out, since they were none of theirs in an earlier report. `keeps_marks`:
    the picture can't be drawn anew.
    """

    template: ClassVar[str] = "dispute"
    number: int
    when: datetime
    seen: tuple[tuple[Finding, bool], ...]
    left_out: tuple[str, ...] = ()
    keeps_marks: bool = False
    somebody_else: bool = False
