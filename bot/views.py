"""What a template gets to see: one of these, frozen, and nothing else. Named by the message it is for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.listening import Topic
from bot.skin.analysis import MarkKind, Provider
from bot.skin.compare import Comparison, Difference
from bot.skin.measures import Measure, Unit
from bot.skin.photo import PhotoIssue, RejectReason
from bot.skin.report import MARK_EMOJI, Finding, Report
from bot.skin.scene import Differs
from bot.skin.trend import Trend


@dataclass(frozen=True, kw_only=True)
class StartView:
    """start"""

    consented: bool


@dataclass(frozen=True, kw_only=True)
class ConsentView:
    """consent, privacy, sharing

    `on_device`: photos can be read on this server as well, for who does not want them sent away. `renewed`: they agreed
    before, to another text. `agreed`: the question is answered with yes.
    """

    operator_name: str | None
    operator_contact: str | None
    provider: Provider
    operator_country: str | None = None
    company: str | None = None
    company_country: str | None = None
    transfer: str | None = None
    on_device: bool = False
    version: int = 0
    photo_waiting: bool = False
    renewed: bool = False
    agreed: bool = False


@dataclass(frozen=True, kw_only=True)
class WithdrawnView:
    """consent_withdrawn"""

    keeps_reports: bool


@dataclass(frozen=True, kw_only=True)
class EraseView:
    """delete_confirm"""

    agreed_once: bool


@dataclass(frozen=True, kw_only=True)
class CountView:
    """cancelled, consent_declined, consent_given (nothing_to_cancel ignores it)"""

    count: int


@dataclass(frozen=True, kw_only=True)
class NumberView:
    """redness, analysis_unavailable, same_photo, something_wrong (with a report to try again)"""

    number: int


@dataclass(frozen=True, kw_only=True)
class ReportView:
    """report, details. `album`: (chosen photo counted from one, how many there were).

    `offers_picture`: the picture is not shown, and can be drawn when it is asked for. `note`: what the person wrote to
    it.
    """

    number: int
    when: datetime
    report: Report
    album: tuple[int, int] | None = None
    has_redness: bool = False
    shown_again: bool = False
    offers_picture: bool = False
    note: str | None = None
    change: "ChangeView | None" = None
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)


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
class FindingView:
    """finding: one finding in one plain sentence"""

    finding: Finding


@dataclass(frozen=True, kw_only=True)
class TerminalView:
    """terminal: `pictures` are the files that were written."""

    report: Report
    pictures: tuple[str, ...] = ()
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)


@dataclass(frozen=True, kw_only=True)
class HeardView:
    """heard: what a person's own words are about."""

    topic: Topic


@dataclass(frozen=True, kw_only=True)
class RejectionView:
    """photo_rejected"""

    reason: RejectReason


@dataclass(frozen=True, kw_only=True)
class DoubtView:
    """photo_doubtful"""

    number: int
    issues: frozenset[PhotoIssue]


@dataclass(frozen=True, kw_only=True)
class RefusalView:
    """photo_refused: `reason` is a RefusalReason's (or PhotoIssue's) value; an unknown one is worded generally.

    `may_insist`: False when the person did already.
    """

    number: int
    reason: str
    may_insist: bool = True


@dataclass(frozen=True, kw_only=True)
class DailyLimitView:
    """daily_limit"""

    per_person: bool


class TooMany(StrEnum):
    """Why no further photo of a person is looked at for now."""

    HOUR = "hour"
    DAY = "day"
    UNREADABLE = "unreadable"
    AGAIN = "again"  # of earlier reports, for their pictures


@dataclass(frozen=True, kw_only=True)
class PhotosLimitView:
    """photos_limit"""

    reason: TooMany


@dataclass(frozen=True, kw_only=True)
class LatePhotoView:
    """photo_late: `number` is the photo's, `report_number` the report's that was made of the others of its album."""

    number: int
    report_number: int


@dataclass(frozen=True, kw_only=True)
class HistoryRow:
    """`watch`: keys of the findings that were to be watched, as kept with the report. `note`: the person's own."""

    number: int
    when: datetime
    watch: tuple[str, ...]
    note: str | None = None


@dataclass(frozen=True, kw_only=True)
class HistoryView:
    """history: `page` is counted from 0."""

    rows: tuple[HistoryRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class ProgressView:
    """progress, progress_few. `measures`: all that can be chosen; `span`: what is shown, "all" or a number of days.

    `has_spans`: there is more than the shorter span holds. `apart`: how many photos don't compare. `since`: in the
    person's own time. `quiet`: no numbers. `anew`: earlier reports were measured in another way, and are not in it.
    """

    trend: Trend
    unit: Unit
    measures: tuple[Measure, ...]
    span: str
    has_spans: bool
    apart: int
    quiet: bool
    since: datetime | None = None
    anew: bool = False


@dataclass(frozen=True, kw_only=True)
class ChartView:
    """chart: a line for each text on the picture: seven words, then the `ticks`, then the `dates`."""

    trend: Trend
    unit: Unit
    ticks: tuple[float, ...]
    dates: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class ComparisonView:
    """comparison. `pictured`: both photos are shown; `quiet`: no numbers."""

    comparison: Comparison
    units: Mapping[Measure, Unit]
    pictured: bool
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class PairView:
    """pair: a line for each of the two labels"""

    sides: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class CompareChoiceView:
    """compare_choice: which report takes the place `slot` ("before" or "after") beside the other of the two."""

    slot: str
    before: int
    after: int
    rows: tuple[HistoryRow, ...]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class MinutesView:
    """repeat_ready"""

    minutes: int


@dataclass(frozen=True, kw_only=True)
class SettingsView:
    """settings: `locale` is the one in use, `languages` all there are; `time_zone` an IANA name, None when not set.

    `hidden`: how many kinds of marks are not drawn. `shares_photos`: whether photos go to the vendor, None where there
    is no choice.
    """

    locale: str
    languages: tuple[str, ...]
    show_skin_age: bool
    time_zone: str | None
    quiet: bool
    hidden: int
    keeps_pictures: bool
    shares_photos: bool | None = None


@dataclass(frozen=True, kw_only=True)
class MarksView:
    """settings_marks: every kind of mark, and whether it is drawn."""

    kinds: tuple[tuple[MarkKind, bool], ...]
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)


@dataclass(frozen=True, kw_only=True)
class NoteView:
    """note_saved, note_waits: `note` as it is kept, None when it was removed; `cut`: it was longer."""

    number: int
    note: str | None
    cut: bool = False


@dataclass(frozen=True, kw_only=True)
class DisputeView:
    """dispute: what was seen in a report, each with whether the person called it not true."""

    number: int
    when: datetime
    seen: tuple[tuple[Finding, bool], ...]


@dataclass(frozen=True, kw_only=True)
class AlertView:
    """admin_alert"""

    kind: str
    code: str


@dataclass(frozen=True, kw_only=True)
class StatsView:
    """stats: counts of the last 24 hours by state and outcome, and of this moment.

    `calls` under "" are under way or were cut off. `waiting`: what is due, by queue: how many and the oldest's age in
    seconds. `errors`: logged by this process since it started, by class.
    """

    reports: Mapping[str, int]
    active_people: int
    people: int
    calls: Mapping[str, int]
    set_aside: int
    analyses_left: int | None
    waiting: Mapping[str, tuple[int, int]]
    errors: Mapping[str, int]
    version: str
    up_minutes: int

    @property
    def total(self) -> int:
        return sum(self.reports.values())

    @property
    def calls_made(self) -> int:
        return sum(self.calls.values())


class CheckFact(StrEnum):
    """What `skinbot check` can find out."""

    SETTINGS_INVALID = "settings_invalid"
    TOKEN_GOOD = "token_good"  # noqa: S105 - a fact about a token
    TOKEN_MISSING = "token_missing"  # noqa: S105 - a fact about a token
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a fact about a token
    TELEGRAM_SILENT = "telegram_silent"
    KEY_GOOD = "key_good"
    KEY_REFUSED = "key_refused"
    CREDITS_GONE = "credits_gone"
    AILAB_SILENT = "ailab_silent"
    LOCAL_GOOD = "local_good"
    LOCAL_MISSING = "local_missing"
    DATABASE_GOOD = "database_good"
    DATABASE_NEW = "database_new"
    DATABASE_OLD = "database_old"
    DATABASE_FAILED = "database_failed"
    WEBHOOK_GOOD = "webhook_good"
    DISK_GOOD = "disk_good"
    DISK_LOW = "disk_low"
    DATA_KEY_GOOD = "data_key_good"
    DATA_KEY_MISSING = "data_key_missing"
    DATA_KEY_NEW = "data_key_new"
    CAPS = "caps"
    ADMINS_MISSING = "admins_missing"
    NAMES_UNKNOWN = "names_unknown"
    HOST_WRONG = "host_wrong"
    MEMORY_LITTLE = "memory_little"
    NICE = "nice"
    DATA_KEY_WRONG = "data_key_wrong"
    DATA_KEY_WEAK = "data_key_weak"
    DATA_KEY_OPEN = "data_key_open"
    DATA_KEY_BESIDE = "data_key_beside"
    SEALED_GOOD = "sealed_good"
    SEALED_BROKEN = "sealed_broken"
    SEALED_KEYLESS = "sealed_keyless"
    RESPONSIBLE_GOOD = "responsible_good"
    RESPONSIBLE_UNTOLD = "responsible_untold"


@dataclass(frozen=True, kw_only=True)
class CheckLine:
    """`good`: nothing would fail; `hint`: and yet it should be looked at.

    `detail` is a name or a path, `analyses` how many are paid for, where it is known.
    """

    fact: CheckFact
    good: bool
    hint: bool = False
    detail: str = ""
    analyses: int | None = None


@dataclass(frozen=True, kw_only=True)
class CheckView:
    """check"""

    lines: tuple[CheckLine, ...]
