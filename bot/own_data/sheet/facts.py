"""What of a person may stand on the page for a doctor, gathered: their photos over time, and what they noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.reports.charts import axis
from bot.reports.series import Series, SeriesReader
from bot.skin.compare import Snapshot
from bot.skin.measures import UNITS, Measure, disputed_measures
from bot.skin.story import since_start
from bot.skin.trend import Direction, trend
from bot.storage.experiments.records import ExperimentRecord
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.people.feelings import FeelingRows
from bot.storage.people.products import ProductRows
from bot.storage.records import FeelingRecord, PersonRecord, ProductRecord, SeriesRecord
from bot.storage.reports.reports import ReportRows
from bot.views.sheet import SheetMeasure

_NEWEST: Final = 400  # reports: more than three a week for two years
SHOWN: Final = (Measure.SENSITIVITY, Measure.ACNE)
"""What a doctor is shown over time. No moles, no dark spots: a row of them would be read as their monitoring."""


@dataclass(frozen=True, kw_only=True)
class SheetFacts:
    """`left_out`: photos that another instrument measured. `capped`: there may be earlier ones still.

    `feelings`: the oldest first; `products`, `experiments` (finished), `notes`: the newest first, and of products
    those in use before all.
    """

    series: Series
    left_out: int
    capped: bool
    redness_is_hard: bool
    feelings: tuple[FeelingRecord, ...]
    products: tuple[ProductRecord, ...]
    experiments: tuple[ExperimentRecord, ...]
    notes: tuple[tuple[datetime, str], ...]

    @property
    def rows(self) -> Sequence[SeriesRecord]:
        """At least one."""
        return self.series.rows

    @property
    def apart(self) -> int:
        """How many photos don't compare."""
        return sum(bool(why) for why in self.series.differs)

    @property
    def disputed(self) -> int:
        """How many readings of what is shown the person called not true."""
        told = set(SHOWN)
        return sum(bool(told & disputed_measures(row.disputed)) for row in self.rows if row.disputed)

    def measures(self) -> tuple[SheetMeasure, ...]:
        points = {measure: found for measure in SHOWN if (found := self.series.points(measure))}
        return tuple(self._measured(measure, among=len(points)) for measure in points)

    def _measured(self, measure: Measure, *, among: int) -> SheetMeasure:
        points, unit = self.series.points(measure), UNITS[measure]
        found = trend(measure, points)
        top, step = axis(found, points, unit)
        story = since_start(measure, points, among=among) if found.direction is Direction.STEADY else None
        return SheetMeasure(
            trend=found,
            unit=unit,
            ticks=tuple(round(step * count, 9) for count in range(round(top / step) + 1)),
            story=story if story is not None and story.sure else None,
        )

    def comparable(self) -> list[Snapshot]:
        """The photos that were taken as usual, oldest first."""
        return [
            Snapshot(number=row.number, when=row.when, measures=told, scene=row.summary.scene)
            for row, told, differs in zip(self.rows, self.series.told, self.series.differs, strict=True)
            if not differs
        ]


class SheetFactsReader:
    """Every method raises DatabaseUnavailable."""

    def __init__(
        self,
        *,
        series: SeriesReader,
        reports: ReportRows,
        feelings: FeelingRows,
        products: ProductRows,
        experiments: ExperimentRows,
    ) -> None:
        self._experiments = experiments
        self._series = series
        self._reports = reports
        self._feelings = feelings
        self._products = products

    async def of(self, person: PersonRecord) -> SheetFacts | None:
        """None for who has no report yet."""
        rows = await self._series.newest(person, limit=_NEWEST)
        if not rows:
            return None
        series = Series.of(rows)
        past = await self._reports.history(person.id, offset=0, limit=_NEWEST)
        return SheetFacts(
            series=series,
            left_out=len(rows) - len(series.rows),
            capped=len(past) == _NEWEST,
            redness_is_hard=await self._series.is_redness_hard(person),
            feelings=tuple(await self._feelings.newest(person.id, limit=_NEWEST)),
            products=tuple(sorted(await self._products.of(person.id), key=_lately, reverse=True)),
            experiments=tuple(await self._experiments.past(person.id)),
            notes=tuple((each.when, each.note) for each in past if each.note and not each.remarks.somebody_else),
        )


def _lately(product: ProductRecord) -> tuple[date, date]:
    return product.stopped_on or date.max, product.started_on or date.min
