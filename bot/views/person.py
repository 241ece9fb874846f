"""Views of what a person agrees to, sets and is told in general."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from bot.listening import Helpline, Subject, Topic
from bot.skin.analysis import MarkKind, Provider
from bot.skin.report import MARK_EMOJI
from bot.views.experiments import PlanView
from bot.views.reminders import ReminderView
from bot.views.reports import ChangeView, StoryView


@dataclass(frozen=True, kw_only=True)
class ChatPageView:
    """pages/chat, of the local chat."""

    locale: str


@dataclass(frozen=True, kw_only=True)
class StartView:
    """`last`: of somebody who has a report. `plan`: of a self-experiment that is under way."""

    template: ClassVar[str] = "start"

    consented: bool
    last: "LastReport | None" = None
    plan: PlanView | None = None


class NextThing(StrEnum):
    """What somebody who has a report may do next."""

    PHOTO = "photo"
    WAIT = "wait"


@dataclass(frozen=True, kw_only=True)
class LastReport:
    """`watch`: what stood out, by key; `change` and `story`: what it says of the past. `next_at`: of a next photo."""

    number: int
    when: datetime
    watch: tuple[str, ...]
    change: ChangeView | None
    story: StoryView | None
    next: NextThing
    next_at: datetime


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

    @property
    def sends_photos(self) -> bool:
        """To the vendor, from who agrees to it."""
        return {Provider.AILAB: True, Provider.LOCAL: False}[self.provider]


@dataclass(frozen=True, kw_only=True)
class WithdrawnView:
    template: ClassVar[str] = "consent_withdrawn"

    keeps_reports: bool


@dataclass(frozen=True, kw_only=True)
class EraseView:
    template: ClassVar[str] = "delete_confirm"

    agreed_once: bool


@dataclass(frozen=True, kw_only=True)
class HeardView:
    """What a person's own words are about. `lines`: who listens in their country, or speaks their language."""

    template: ClassVar[str] = "heard"
    topic: Topic
    lines: tuple[Helpline, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ExplainedView:
    """What a finding means, or how this bot works."""

    template: ClassVar[str] = "explained"
    about: Subject


@dataclass(frozen=True, kw_only=True)
class SettingsView:
    """`locale` is the one in use, `languages` all there are; `time_zone` an IANA name, None when not set.

    `shares_photos`: whether photos go to the vendor, None where there is no choice. `tells_age`: whether who reads
    the photos guesses the skin's age. `reminder`: where it is shown with the settings. `asks_feelings`: with it.
    """

    template: ClassVar[str] = "settings"
    locale: str
    languages: tuple[str, ...]
    show_skin_age: bool
    time_zone: str | None
    quiet: bool
    keeps_pictures: bool
    shares_photos: bool | None = None
    tells_age: bool = True
    reminder: ReminderView | None = None
    asks_feelings: bool = False


@dataclass(frozen=True, kw_only=True)
class PicturesView:
    """`keeps`: drawn pictures can be shown again. `veils`: they show when they are tapped. `guards`: nobody saves them.

    `hidden`: how many kinds of marks are not drawn.
    """

    template: ClassVar[str] = "settings_pictures"
    keeps: bool
    veils: bool
    guards: bool
    hidden: int


@dataclass(frozen=True, kw_only=True)
class MarksView:
    """Every kind of mark, and whether it is drawn."""

    template: ClassVar[str] = "settings_marks"
    kinds: tuple[tuple[MarkKind, bool], ...]
    emoji: Mapping[MarkKind, str] = field(default_factory=lambda: MARK_EMOJI)
