"""Views of charts and comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.skin.compare import Beside, Comparison
from bot.skin.measures import Followed, Unit
from bot.skin.trend import Trend
from bot.views.reports import HistoryRow, StoryView


@dataclass(frozen=True, kw_only=True)
class ProgressView:
    """progress, progress_felt, progress_few. `measures`: all that can be chosen; `span`: what is shown, "all" or days.

    `has_spans`: there is more than the shorter span holds. `apart`: how many photos don't compare. `since`: in the
    person's own time. `quiet`: no numbers. `anew`: earlier reports were measured in another way, and are not in it.
    `repeatable`: the report that may be measured again just now.
    `withheld`: a Judged's value; it is not shown while an experiment is judged by it.
    `story`: what is or looks different since the start, whatever the newest photos say. `redness_is_hard`: to judge
    in the newest photo.
    """

    trend: Trend
    unit: Unit
    measures: tuple[Followed, ...]
    span: str
    has_spans: bool
    apart: int
    quiet: bool
    since: datetime | None = None
    anew: bool = False
    repeatable: int | None = None
    story: StoryView | None = None
    redness_is_hard: bool = False
    withheld: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChartView:
    """A line for each text on the picture: nine words, then the `ticks`, then the `dates`."""

    template: ClassVar[str] = "chart"
    trend: Trend
    unit: Unit
    ticks: tuple[float, ...]
    dates: tuple[datetime, ...]
    story: StoryView | None = None


@dataclass(frozen=True, kw_only=True)
class ComparisonView:
    """`pictured`: both photos are shown; `quiet`: no numbers. `beside`: earlier reports to set beside the later one.

    `somebody_else`: one of the two is of another person. `withheld`: as in a ProgressView.
    """

    template: ClassVar[str] = "comparison"
    comparison: Comparison
    units: Mapping[Followed, Unit]
    pictured: bool
    quiet: bool
    beside: Mapping[Beside, int] = field(default_factory=dict)
    somebody_else: bool = False
    withheld: str | None = None


@dataclass(frozen=True, kw_only=True)
class PairView:
    """A line for each of the two labels"""

    template: ClassVar[str] = "pair"
    sides: tuple[tuple[int, datetime], ...]


@dataclass(frozen=True, kw_only=True)
class CompareChoiceView:
    """Which report takes the place `slot` ("before" or "after") beside the other of the two."""

    template: ClassVar[str] = "compare_choice"
    slot: str
    before: int
    after: int
    rows: tuple[HistoryRow, ...]
    page: int
    pages: int

    @property
    def other(self) -> int:
        """The report that stays where it is."""
        return {"before": self.after, "after": self.before}[self.slot]


@dataclass(frozen=True, kw_only=True)
class MinutesView:
    template: ClassVar[str] = "repeat_ready"

    minutes: int
