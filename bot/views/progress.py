"""Views of charts and comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.skin.compare import Comparison
from bot.skin.measures import Measure, Unit
from bot.skin.trend import Trend
from bot.views.reports import HistoryRow


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
