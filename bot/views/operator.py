"""Views of what operators are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

DOLLARS_A_CALL: Final = 0.135


class AlertKind(StrEnum):
    """What an operator is told of at once. ACCOUNT: the vendor refuses it, VENDOR: it does not answer, or slowly.

    UPDATES: some were set aside.
    """

    ACCOUNT = "account"
    VENDOR = "vendor"
    CREDITS = "credits"
    DISK = "disk"
    UPDATES = "updates"
    POLLING = "polling"


class RefusalKind(StrEnum):
    """What was the matter with photos that can't be used. PLACE: the face is far, turned or cut off.

    QUALITY: its light, or it is blurred.
    """

    FACE = "face"
    PLACE = "place"
    COVERED = "covered"
    QUALITY = "quality"
    FILE = "file"
    OTHER = "other"


class VendorState(StrEnum):
    """How the vendor does. REFUSES: our account; AWAY: it fails or is silent; SLOW: people wait for its answers."""

    GOOD = "good"
    SLOW = "slow"
    AWAY = "away"
    REFUSES = "refuses"


@dataclass(frozen=True, kw_only=True)
class AlertView:
    """A kind that a later version stored is worded generally."""

    template: ClassVar[str] = "admin_alert"
    kind: str
    code: str


@dataclass(frozen=True, kw_only=True)
class StatsView:
    """Counts of the last 24 hours by state and outcome, and of this moment.

    `calls` under "" are under way or were cut off. `photos_waiting`: to be worked now or later; `waiting`: what is due,
    by queue: how many and the oldest's age in seconds. `errors`: logged by this process since it started, by class.
    `unanswered`: updates of the last hour that are not worked yet. `paused`: no photo is taken. `invites`: people come
    by invitation. `vendor`: how it does, and since when; None where nothing is paid.
    """

    template: ClassVar[str] = "stats"
    reports: Mapping[str, int]
    refusals: Mapping[RefusalKind, int]
    active_people: int
    people: int
    calls: Mapping[str, int]
    set_aside: int
    analyses_left: int | None
    photos_waiting: int
    waiting: Mapping[str, tuple[int, int]]
    errors: Mapping[str, int]
    version: str
    up_minutes: int
    unanswered: int
    paused: bool
    invites: bool
    vendor: tuple[VendorState, datetime] | None = None

    @property
    def cost_dollars(self) -> float:
        """What the calls of the day cost that were or may have been charged."""
        charged = sum(count for outcome, count in self.calls.items() if outcome != "refused")
        return charged * DOLLARS_A_CALL

    @property
    def total(self) -> int:
        return sum(self.reports.values())

    @property
    def calls_made(self) -> int:
        return sum(self.calls.values())


@dataclass(frozen=True, kw_only=True)
class InvitationLine:
    number: int
    reports: int
    used: int
    people: int
    made_at: datetime
    revoked: bool


@dataclass(frozen=True, kw_only=True)
class InvitationsView:
    """`link`: of one that was just made; it is shown this once."""

    template: ClassVar[str] = "invitations"
    invitations: tuple[InvitationLine, ...]
    link: str | None = None
    reports: int = 0


@dataclass(frozen=True, kw_only=True)
class NoticeView:
    """What everybody is told: an admin's own words, who runs the bot, and how to reach them, as far as that is said."""

    template: ClassVar[str] = "notice"
    words: str
    operator: str | None = None
    contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class NoticeQuestionView:
    """The words of a notice to all are awaited: so many characters at most. `over`: what was sent has more by that."""

    template: ClassVar[str] = "notice_question"
    room: int
    over: int = 0
    empty: bool = False


@dataclass(frozen=True, kw_only=True)
class NoticeDraftView:
    """It stands above as people will see it. `follows`: another one is going out, and comes first."""

    template: ClassVar[str] = "notice_draft"
    number: int
    people: int
    seconds: int
    follows: bool


@dataclass(frozen=True, kw_only=True)
class NoticeProgressView:
    """How far a notice to all is, in people. `doubtful`: nobody can tell whether it arrived. `seconds`: still to go.

    `follows`: another one is going out first.
    """

    template: ClassVar[str] = "notice_progress"
    number: int
    going: bool
    stopped: bool
    people: int
    told: int
    unreachable: int
    refused: int
    doubtful: int
    seconds: int
    follows: bool = False

    @property
    def done(self) -> int:
        return self.told + self.unreachable + self.refused + self.doubtful

    @property
    def others(self) -> int:
        """Who was not told for they erased everything, were not let in any more, or (`stopped`) had not come up yet."""
        return max(0, self.people - self.done)


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
    FALLBACK_MISSING = "fallback_missing"
    DATABASE_GOOD = "database_good"
    DATABASE_NEW = "database_new"
    DATABASE_OLD = "database_old"
    DATABASE_FAILED = "database_failed"
    WEBHOOK_GOOD = "webhook_good"
    WEBAPP_GOOD = "webapp_good"
    WEBAPP_SILENT = "webapp_silent"
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
    ACCESS_OPEN = "access_open"
    ACCESS_NAMED = "access_named"
    ACCESS_NOBODY = "access_nobody"
    UNINTRODUCED = "unintroduced"
    POLICY_UNSEEN = "policy_unseen"
    WEBAPP_NONE = "webapp_none"
    ERASED_BESIDE = "erased_beside"
    DOTENV_OPEN = "dotenv_open"


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
    template: ClassVar[str] = "check"

    lines: tuple[CheckLine, ...]


class DrillFact(StrEnum):
    """What `skinbot restore-drill` can find out."""

    RESTORED = "restored"
    BROKEN = "broken"
    KEY_GOOD = "key_good"
    KEY_WRONG = "key_wrong"
    COUNTED = "counted"
    TABLES = "tables"
    OPENS = "opens"
    SHUT = "shut"
    FRESH = "fresh"
    STALE = "stale"
    EMPTY = "empty"
    LIST_GOOD = "list_good"
    LIST_WRONG = "list_wrong"


@dataclass(frozen=True, kw_only=True)
class DrillLine:
    """`good`: a restore would go well, as far as this goes. `detail`: a place, hours and minutes, or counts."""

    fact: DrillFact
    good: bool = True
    detail: str = ""
    people: int = 0
    reports: int = 0


@dataclass(frozen=True, kw_only=True)
class DrillView:
    template: ClassVar[str] = "restore_drill"

    lines: tuple[DrillLine, ...]


class SetupWord(StrEnum):
    """What `skinbot setup` asks (ASK_…), says of an answer, and says at its end."""

    ASK_TOKEN = "ask_token"  # noqa: S105 - a question
    ASK_RESPONSIBLE = "ask_responsible"
    ASK_ACCESS = "ask_access"
    ASK_KEY = "ask_key"
    ASK_COMPANY = "ask_company"
    ASK_TRANSFER = "ask_transfer"
    IS_SET = "is_set"
    TOKEN_UNFIT = "token_unfit"  # noqa: S105 - of an answer
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - of an answer
    TOKEN_GOOD = "token_good"  # noqa: S105 - of an answer
    TELEGRAM_SILENT = "telegram_silent"
    PAIR_UNFIT = "pair_unfit"
    ACCESS_UNFIT = "access_unfit"
    KEY_REFUSED = "key_refused"
    KEY_GOOD = "key_good"
    AILAB_SILENT = "ailab_silent"
    WRITTEN = "written"
    NOT_WRITTEN = "not_written"
    INTRODUCED = "introduced"
    NOT_INTRODUCED = "not_introduced"
    READING = "reading"
    READ = "read"
    NOT_READ = "not_read"
    GIVEN_UP = "given_up"
    AILAB_LATER = "ailab_later"
    START = "start"


@dataclass(frozen=True, kw_only=True)
class SetupView:
    """`detail`: a name of ours, of Telegram's or of the system's; `analyses`: how many are paid for."""

    template: ClassVar[str] = "setup"
    word: SetupWord
    detail: str = ""
    analyses: int = 0
