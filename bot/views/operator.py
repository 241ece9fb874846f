"""Views of what operators are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class AlertKind(StrEnum):
    """What an operator is told of at once. ACCOUNT: the vendor refuses it. UPDATES: some were set aside."""

    ACCOUNT = "account"
    CREDITS = "credits"
    DISK = "disk"
    UPDATES = "updates"
    POLLING = "polling"


@dataclass(frozen=True, kw_only=True)
class AlertView:
    """A kind that a later version stored is worded generally."""

    template: ClassVar[str] = "admin_alert"
    kind: str
    code: str


@dataclass(frozen=True, kw_only=True)
class StatsView:
    """Counts of the last 24 hours by state and outcome, and of this moment.

    `calls` under "" are under way or were cut off. `waiting`: what is due, by queue: how many and the oldest's age in
    seconds. `errors`: logged by this process since it started, by class.
    """

    template: ClassVar[str] = "stats"
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
    template: ClassVar[str] = "check"

    lines: tuple[CheckLine, ...]
