"""Views of the page for a doctor: what may go on it, how it went, and what stands on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntFlag, StrEnum
from typing import ClassVar, Final

from bot.skin.analysis import Provider
from bot.skin.experiments.answer import ExperimentAnswer
from bot.skin.experiments.plan import Plan
from bot.skin.feelings import Feeling
from bot.skin.measures import Unit
from bot.skin.story import Story
from bot.skin.trend import Trend


class SheetParts(IntFlag):
    """What the person may put on the page. Buttons carry the sum, for years: a number is never given anew."""

    PHOTOS = 1
    NOTES = 2
    FEELINGS = 4
    PRODUCTS = 8
    EXPERIMENTS = 16


SUGGESTED: Final = SheetParts.NOTES | SheetParts.FEELINGS | SheetParts.PRODUCTS | SheetParts.EXPERIMENTS
"""All there is but the photos: they show a face."""


class NoPair(StrEnum):
    """Why there are no two photos on it."""

    NOT_KEPT = "not_kept"
    NOT_PERMITTED = "not_permitted"
    NONE_COMPARE = "none_compare"
    GONE = "gone"
    LATER = "later"


@dataclass(frozen=True, kw_only=True)
class SheetToggle:
    """`part`: a name of `SheetParts`. `then`: the sum when it is tapped."""

    part: str
    on: bool
    then: int


@dataclass(frozen=True, kw_only=True)
class SheetChoiceView:
    """`chosen`: the sum as it stands. `no_pair`: why photos are not offered."""

    template: ClassVar[str] = "sheet_choice"
    first: datetime
    photos: int
    apart: int
    toggles: tuple[SheetToggle, ...]
    chosen: int
    shows_face: bool
    no_pair: NoPair | None


@dataclass(frozen=True, kw_only=True)
class SheetSentView:
    """The caption of the page."""

    template: ClassVar[str] = "sheet"
    no_pair: NoPair | None


@dataclass(frozen=True, kw_only=True)
class SheetMeasure:
    """One measure over time. `story`: what became of it since the start, where that is sure."""

    trend: Trend
    unit: Unit
    ticks: tuple[float, ...]
    story: Story | None


class Went(StrEnum):
    """Where something went, by the rule of all trends: lately, or since the start and no more since."""

    MORE = "more"
    FEWER = "fewer"
    MORE_SINCE_START = "more_since_start"
    FEWER_SINCE_START = "fewer_since_start"
    STEADY = "steady"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True)
class SheetFeeling:
    """How something felt, from 0 to 10: the newest answer, and the highest."""

    feeling: Feeling
    went: Went
    newest: int
    highest: int


@dataclass(frozen=True, kw_only=True)
class SheetProduct:
    """`since`, `until`: None where it began before it was kept here, and while it is in use."""

    name: str
    since: date | None
    until: date | None


@dataclass(frozen=True, kw_only=True)
class SheetExperiment:
    """One that is over: what was agreed to, and its answer."""

    what: str
    began_on: date
    ended_at: datetime
    plan: Plan
    answer: ExperimentAnswer


@dataclass(frozen=True, kw_only=True)
class SheetView:
    """pages/sheet. `apart`: photos that don't compare. `left_out`: photos that were measured in another way.

    `capped`: there are earlier photos, which are not on it. `disputed`: readings that the person called not true.
    `axis`: dates along the time from `start` to `end`, told by month when `by_month`. `most_cut`: so many lines may
    find no room. `redness_is_hard`: to judge in the newest photo; what was felt leads then.
    """

    made_at: datetime
    provider: Provider
    first: datetime
    last: datetime
    photos: int
    apart: int
    left_out: int
    capped: bool
    disputed: int
    measures: tuple[SheetMeasure, ...]
    pair: tuple[datetime, datetime] | None
    no_pair: NoPair | None
    axis: tuple[datetime, ...]
    by_month: bool
    start: datetime
    end: datetime
    felt: tuple[tuple[datetime, Mapping[Feeling, int]], ...]
    redness_is_hard: bool
    feelings: tuple[SheetFeeling, ...]
    products: tuple[SheetProduct, ...]
    experiments: tuple[SheetExperiment, ...]
    notes: tuple[tuple[datetime, str], ...]
    most_cut: int
