"""Use case: /progress. One measure of a person over time, or one feeling, as a picture and in honest words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.analysis import pixel_tasks
from bot.clock import Clock
from bot.imaging.pictures.chart import Chart, ChartPoint, ChartWords, nice_top
from bot.imaging.workshop import Workshop
from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import plain
from bot.reports.bars import TriedOut, bars_of, tried_out
from bot.reports.series import NEWEST, Series, SeriesReader, story_view
from bot.skin.feelings import WORST, Feeling
from bot.skin.measures import UNITS, WITHHELD, Followed, Measure, Unit
from bot.skin.story import since_start
from bot.skin.trend import REPEAT_WITHIN, Direction, Point, Trend, trend
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.people.feelings import FeelingRows
from bot.storage.people.products import ProductRows
from bot.storage.records import FeelingRecord, PersonRecord, ProductRecord, SeriesRecord
from bot.views.progress import ChartView, ProgressView
from bot.views.reports import StoryView

ALL: Final = "all"
SPANS: Final = {ALL: None, "90": timedelta(days=90)}

_DATES: Final = 4
_WORDS: Final = 9
_LEAST_TOP: Final = {Unit.COUNT: 4.0, Unit.SHARE: 0.04, Unit.STRENGTH: 20.0, Unit.SHADES: 4.0}
_WHOLE: Final = {
    Unit.DEGREE: (3.0, 1.0),
    Unit.PLACES: (4.0, 1.0),
    Unit.POINTS: (float(WORST), 2.0),
}  # (top, step) of axes that are always the same


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What stands in one message: a template's name, its view, and a picture or none."""

    name: str
    view: object | None = None
    picture: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class ToldChart:
    """One measure over time: what is said of it, by which template, what is drawn, and the drawn points.

    Of what was felt the points' numbers are no reports'.
    """

    name: str
    view: ProgressView
    chart: Chart
    points: tuple[Point, ...]


class Charts:
    def __init__(
        self,
        *,
        series: SeriesReader,
        feelings: FeelingRows,
        products: ProductRows,
        experiments: ExperimentRows,
        voice: Voice,
        workshop: Workshop,
        now: Clock,
    ) -> None:
        self._series = series
        self._feelings = feelings
        self._products = products
        self._experiments = experiments
        self._voice = voice
        self._workshop = workshop
        self._now = now

    async def screen(self, person: PersonRecord, measure: str = "", span: str = ALL) -> Screen:
        """The chart of what was measured or felt; of an unknown measure or span the first there is."""
        told = await self.told(person, measure, span)
        if isinstance(told, Screen):
            return told
        picture = await self._workshop.run(pixel_tasks.draw_chart, told.chart)
        return Screen(name=told.name, view=told.view, picture=picture)

    async def told(self, person: PersonRecord, measure: str = "", span: str = ALL) -> ToldChart | Screen:
        """As `screen`, before it is drawn; a Screen where there is nothing to draw yet."""
        rows = await self._series.newest(person)
        judged = await self._series.judged(person)
        measured = _measured(rows, WITHHELD[judged])
        felt = await self._felt(person)
        worth = (*_worth_offering(measured), *_worth_offering(felt))
        is_hard = await self._series.is_redness_hard(person)
        if not worth:
            few = _few(measured, anew=_begins_anew(rows))
            view = replace(few, repeatable=self._repeatable(rows), redness_is_hard=is_hard, withheld=judged)
            return Screen(name="progress_few", view=view)
        told = (measured | felt)[_chosen(worth, measure, felt_first=is_hard)]
        view, shown = self._view(person, told, worth, span), _within(told, SPANS.get(span), self._now())
        clock = clock_of(person)
        tried = tried_out(await self._experiments.every(person.id), clock=clock)
        used: list[ProductRecord | TriedOut] = [*await self._products.of(person.id), *tried]
        chart = self._chart(person, told, shown, view.story)
        return ToldChart(
            name="progress_felt" if told.measure in felt else "progress",
            view=replace(view, repeatable=self._repeatable(rows), redness_is_hard=is_hard, withheld=judged),
            chart=replace(chart, bars=bars_of(used, since=shown[0].when, clock=clock)),
            points=tuple(shown),
        )

    async def _felt(self, person: PersonRecord) -> dict[Followed, Trend]:
        return felt_trends(await self._feelings.newest(person.id, limit=NEWEST))

    def _view(self, person: PersonRecord, told: Trend, worth: tuple[Followed, ...], span: str) -> ProgressView:
        shown, now = _within(told, SPANS.get(span), self._now()), self._now()
        return ProgressView(
            trend=told,
            unit=UNITS[told.measure],
            measures=worth,
            span=span if span in SPANS and shown != told.points else ALL,
            has_spans=_within(told, SPANS["90"], now) != told.points,
            apart=sum(bool(point.differs) for point in shown),
            quiet=person.quiet,
            since=told.since,
            story=self._story(person, told, among=len(worth)),
        )

    def _repeatable(self, rows: Sequence[SeriesRecord]) -> int | None:
        return rows[-1].number if rows and self._now() - rows[-1].when <= REPEAT_WITHIN else None

    def _story(self, person: PersonRecord, told: Trend, *, among: int) -> StoryView | None:
        found = since_start(told.measure, told.points, among=among)
        return None if found is None else story_view(person, found, celebrated=False, now=self._now())

    def _chart(self, person: PersonRecord, told: Trend, shown: Sequence[Point], story: StoryView | None) -> Chart:
        unit = UNITS[told.measure]
        top, step = axis(told, shown, unit)
        ticks = tuple(round(step * count, 9) for count in range(round(top / step) + 1))
        dates = _dates([point.when for point in shown])
        view = ChartView(trend=told, unit=unit, ticks=ticks, dates=dates, story=story)
        lines = [plain(line) for line in self._voice.words(person, view).text.split("\n")]
        words, rest = lines[:_WORDS], lines[_WORDS:]
        texts = [""] * len(ticks) if person.quiet else rest[: len(ticks)]
        since = max(told.since, shown[0].when) if told.since else None
        return Chart(
            words=ChartWords(**dict(zip(ChartWords.__dataclass_fields__, words, strict=True))),
            points=tuple(
                ChartPoint(
                    when=point.when,
                    value=point.value,
                    hollow=bool(point.differs),
                    noted=point.noted,
                    tried=point.tried,
                )
                for point in shown
            ),
            ticks=tuple(zip(ticks, texts, strict=True)),
            dates=_unlike(dates, rest[len(ticks) :]),
            top=top,
            band=told.usual,
            lately=None if since is None or told.lately is None else (since, told.lately),
            better=told.direction is Direction.FEWER,  # of nothing that is followed is more better
        )


def _measured(rows: Sequence[SeriesRecord], withheld: frozenset[Measure]) -> dict[Followed, Trend]:
    series = Series.of(rows)
    told = (each for each in Measure if each not in withheld)
    return {each: trend(each, found) for each in told if (found := series.points(each))}


def felt_trends(told: Sequence[FeelingRecord]) -> dict[Followed, Trend]:
    """By what the person told themselves: no photo's light is between one telling and the next. Oldest first."""
    points = {
        feeling: [
            Point(number=place, when=each.at, value=float(each.told[feeling]))
            for place, each in enumerate(told)
            if feeling in each.told
        ]
        for feeling in Feeling
    }
    return {feeling: trend(feeling, found) for feeling, found in points.items() if found}


def _chosen(worth: tuple[Followed, ...], measure: str, *, felt_first: bool) -> Followed:
    """What was asked for; else the first, and what is felt before what is measured where a photo shows it badly."""
    leading = [each for each in worth if isinstance(each, Feeling)] if felt_first else []
    return next((each for each in worth if each == measure), (leading or worth)[0])


def _worth_offering(trends: dict[Followed, Trend]) -> tuple[Followed, ...]:
    """What can be said something about; changes first, then what is there at all, in the usual order."""
    ready = [each for each in trends.values() if each.direction is not Direction.TOO_FEW]
    seen = [each for each in ready if any(point.value > 0 for point in each.points)] or ready[:1]
    return tuple(each.measure for each in sorted(seen, key=lambda each: each.direction is Direction.STEADY))


def _few(trends: dict[Followed, Trend], *, anew: bool) -> ProgressView:
    """How far it is to a first chart, by the measure that is nearest to it."""
    nearest = max(trends.values(), key=lambda each: each.visits, default=trend(Measure.ACNE, []))
    return ProgressView(
        trend=nearest,
        unit=UNITS[nearest.measure],
        measures=(),
        span=ALL,
        has_spans=False,
        apart=sum(bool(point.differs) for point in nearest.points),
        quiet=False,
        anew=anew,
    )


def _begins_anew(rows: Sequence[SeriesRecord]) -> bool:
    """Whether there are reports of the same analyzer that are in no chart, because an earlier version measured them."""
    instruments = {row.instrument for row in rows if row.instrument.provider is rows[-1].instrument.provider}
    return len(instruments) > 1


def _within(told: Trend, span: timedelta | None, now: datetime) -> tuple[Point, ...]:
    """The points of a span; all of them when it would leave fewer than two."""
    kept = told.points if span is None else tuple(point for point in told.points if now - point.when <= span)
    return kept if len(kept) > 1 else told.points


def axis(told: Trend, shown: Sequence[Point], unit: Unit) -> tuple[float, float]:
    """Its upper end, and the step between its lines."""
    if unit in _WHOLE:
        return _WHOLE[unit]
    highest = max(*(point.value for point in shown), _LEAST_TOP[unit], told.usual[1] if told.usual else 0.0)
    return nice_top(highest)


def _dates(times: Sequence[datetime]) -> tuple[datetime, ...]:
    """A few moments, evenly from the first photo to the last."""
    first, last = times[0], times[-1]
    return tuple(first + (last - first) * place / (_DATES - 1) for place in range(_DATES))


def _unlike(dates: Sequence[datetime], texts: Sequence[str]) -> tuple[tuple[datetime, str], ...]:
    """Each text once: photos of one day have one date."""
    kept = {text: when for when, text in zip(reversed(dates), reversed(texts), strict=True)}
    return tuple((when, text) for text, when in reversed(kept.items()))
