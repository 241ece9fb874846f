"""What the templates of reminders and time zones get to see. Times are in the person's zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from bot.calendar.weekly import Season, WeeklyTime
from bot.views.experiments import PlanView
from bot.views.reports import ChangeView, StoryView

SUGGESTED: Final = WeeklyTime(weekday=6, minute=10 * 60)  # Sunday at ten: daylight, and nobody has to be anywhere


@dataclass(frozen=True, kw_only=True)
class ReminderView:
    """`state` is a ReminderState's value; `next_at` while it is on. `suggested`: set with one tap.

    `asks_feelings`: how the skin feels is asked with it; `asks_eyes`: how the eyes do, too.
    """

    template: ClassVar[str] = "reminders"
    state: str
    weekly: WeeklyTime | None
    zone: str | None
    next_at: datetime | None
    suggested: WeeklyTime = SUGGESTED
    asks_feelings: bool = False
    asks_eyes: bool = False


@dataclass(frozen=True, kw_only=True)
class ReminderOfferView:
    template: ClassVar[str] = "reminder_offer"

    suggested: WeeklyTime = SUGGESTED


@dataclass(frozen=True, kw_only=True)
class ReminderDayView:
    template: ClassVar[str] = "reminder_day"

    days: Sequence[int] = tuple(range(7))


@dataclass(frozen=True, kw_only=True)
class HourView:
    """`quiet`: these are the hours of the night."""

    template: ClassVar[str] = "reminder_hour"
    weekday: int
    hours: Sequence[int]
    quiet: bool


@dataclass(frozen=True, kw_only=True)
class ReminderSetView:
    """reminder_set, reminder_tomorrow, reminder_skipped, reminder_back"""

    weekly: WeeklyTime
    zone: str
    next_at: datetime


@dataclass(frozen=True, kw_only=True)
class AskedStep:
    """A Step's value, which somebody wanted to try; of report `number`."""

    number: int
    step: str


@dataclass(frozen=True, kw_only=True)
class Recalled:
    """The one line about the past: the newest report's date and what was to be watched, by key.

    `change`: since the report before it, where the two photos compare; `story`: since the first one.
    `asked`: whether they did what they wanted to try. `step`: the newest report's, by name.
    """

    number: int
    when: datetime
    watch: tuple[str, ...]
    change: ChangeView | None = None
    story: StoryView | None = None
    asked: AskedStep | None = None
    step: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReminderNoteView:
    """`tip` is a Tip's value. `due_at` is set when it comes late. `plan`: of a self-experiment that is under way."""

    template: ClassVar[str] = "reminder"
    recalled: Recalled | None
    tip: str
    season: Season | None
    due_at: datetime | None
    plan: PlanView | None = None


@dataclass(frozen=True, kw_only=True)
class ZoneView:
    """zone, zone_set: `waiting`: a reminder waits for it. `local` is the time there."""

    zone: str | None
    local: datetime | None
    has_reminder: bool = False
    waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class PlaceMatch:
    """A city (its name, its country's code), its zone, the time there. `region`: where others have the same name."""

    name: str
    country: str
    zone: str
    local: datetime
    region: str = ""


@dataclass(frozen=True, kw_only=True)
class MatchesView:
    """zone_matches: what was found for what was typed; zone_unknown: nothing was."""

    query: str
    matches: Sequence[PlaceMatch] = ()


@dataclass(frozen=True, kw_only=True)
class ClockChoice:
    """`offset` is in minutes east of UTC."""

    offset: int
    local: datetime


@dataclass(frozen=True, kw_only=True)
class ClocksView:
    template: ClassVar[str] = "zone_clocks"

    clocks: Sequence[ClockChoice]


@dataclass(frozen=True, kw_only=True)
class SameClock:
    """Zones that keep the same clock for the next two years: their largest cities, the first one's zone."""

    zone: str
    zones: Sequence[str]
    changes: bool


@dataclass(frozen=True, kw_only=True)
class GroupsView:
    template: ClassVar[str] = "zone_groups"

    local: datetime
    groups: Sequence[SameClock]
