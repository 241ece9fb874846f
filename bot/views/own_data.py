"""What the templates about a person's own data get to see."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.skin.analysis import MarkKind
from bot.skin.feelings import Feeling
from bot.skin.report import MARK_EMOJI, Report
from bot.views.diary import ProductLine
from bot.views.experiments import ExperimentLine
from bot.views.person import SettingsView


@dataclass(frozen=True, kw_only=True)
class MyDataView:
    """`until` is when all of it goes by itself, unless the person is here before.

    `keeps_reports_at`: when they asked to keep reports without the permission. `has_reminder`: a day and a time are
    kept for it, whether it is on or not.
    """

    template: ClassVar[str] = "mydata"
    since: datetime
    until: datetime
    agreed_at: datetime | None
    withdrawn_at: datetime | None
    reports: int
    waiting: int
    pictures: int
    notes: int
    feelings: int
    products: int
    keeps_pictures: bool
    has_reminder: bool = False
    keeps_reports_at: datetime | None = None
    experiments: int = 0


@dataclass(frozen=True, kw_only=True)
class MoveCodeView:
    template: ClassVar[str] = "move_code"
    code: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class MoveRefusedView:
    """`why` is a MoveRefusal's value."""

    template: ClassVar[str] = "move_refused"
    why: str


@dataclass(frozen=True, kw_only=True)
class PartView:
    """`done` of `total` reports are packed."""

    template: ClassVar[str] = "export_working"
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class PackedView:
    """What is in the file, and how many pictures could not be had."""

    template: ClassVar[str] = "export"
    reports: int
    pictures: int
    missing: int


@dataclass(frozen=True, kw_only=True)
class RetentionNoticeView:
    template: ClassVar[str] = "retention_notice"

    day: datetime


class PictureKind(StrEnum):
    """What a picture in the export shows."""

    PHOTO = "photo"
    MARKED = "marked"
    REDNESS = "redness"
    REDNESS_MAP = "redness-map"


@dataclass(frozen=True, kw_only=True)
class ExportedReport:
    """One report on the export's page, or a photo that became none: `number` and `report` are None then.

    `pictures` are kinds, and paths in the archive.
    """

    number: int | None
    when: datetime
    report: Report | None
    note: str | None
    pictures: tuple[tuple[PictureKind, str], ...]


@dataclass(frozen=True, kw_only=True)
class ExportView:
    """pages/export: everything about a person, to read. `missing`: (path, why) of files that could not be had.

    `feelings`: when, and from 0 to 10 how much of each. `products`: and habits.
    """

    made_at: datetime
    locale: str
    person: MyDataView
    settings: SettingsView
    reports: tuple[ExportedReport, ...]
    feelings: tuple[tuple[datetime, Mapping[Feeling, int]], ...]
    products: tuple[ProductLine, ...]
    missing: tuple[tuple[str, str], ...]
    experiments: tuple[ExperimentLine, ...] = ()
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)
