"""Charts and pairs on the page: the numbers of /progress and /compare, drawn there."""

from dataclasses import asdict, dataclass
from datetime import datetime

from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import Renderer
from bot.reports.charts import ALL, Charts, Screen, ToldChart
from bot.reports.comparison import Comparisons
from bot.reports.gallery import Gallery
from bot.reports.history import ReportHistory
from bot.storage.records import PersonRecord
from bot.views.miniapp import MiniAppChartView, PageBar, PageChart, PageChoice, PagePair, PagePoint, PageScreen
from bot.views.progress import ComparisonView
from handlers.miniapp.reports import ReportCalls
from handlers.miniapp.turn import page_screen


@dataclass(frozen=True, kw_only=True)
class ProgressCalls:
    charts: Charts
    comparisons: Comparisons
    past: ReportHistory
    gallery: Gallery
    reports: ReportCalls
    voice: Voice
    renderer: Renderer

    async def chart(self, person: PersonRecord, measure: str, span: str) -> PageChart | PageScreen:
        """The words alone where there is nothing to draw yet."""
        told = await self.charts.told(person, measure, span or ALL)
        if isinstance(told, Screen):
            return page_screen(told.name, self.voice.words(person, told.name, told.view), ())
        return await self._drawn(person, told)

    async def pair(self, person: PersonRecord, before: int, after: int) -> PagePair:
        """The newest two that compare, when none are named; in the order of time."""
        found = self.comparisons.chosen_told(person, before, after) if before or after else None
        told = await (found or self.comparisons.newest_told(person))
        html = self.voice.words(person, told.name, told.view).text
        if not isinstance(told.view, ComparisonView):
            return PagePair(html=html)
        choices = self.reports.rows(person, await self.past.every(person))
        shown = told.view.comparison
        by_number = {row.number: row for row in choices}
        ends = [by_number.get(each.number) for each in (shown.before, shown.after)]
        return PagePair(html=html, before=ends[0], after=ends[1], choices=choices)

    async def side(self, person: PersonRecord, before: int, after: int, *, later: bool) -> bytes | None:
        """Raises TooManyPhotos, DeliveryError."""
        reports = [await self.past.find(person, number) for number in (before, after)]
        first, second = reports
        if first is None or second is None:
            return None
        made = await self.gallery.aligned(person, first, second)
        return None if made is None else made[int(later)]

    async def _drawn(self, person: PersonRecord, told: ToldChart) -> PageChart:
        view, chart, top = told.view, told.chart, told.chart.top
        seen = MiniAppChartView(
            points=tuple((point.when, point.value) for point in told.points),
            unit=view.unit,
            measures=view.measures,
            quiet=person.quiet,
        )
        parts = self.renderer.parts("miniapp_chart", self.voice.locale(person), seen, zone=clock_of(person))
        labels = [line.split("¦") for line in parts["points"].split("\n")]
        names = parts["measures"].split("\n")
        notes = {row.number: row.note for row in await self.past.every(person)}
        return PageChart(
            measure=view.trend.measure,
            span=view.span,
            html=self.voice.words(person, told.name, view).text,
            words=asdict(chart.words),
            points=tuple(
                PagePoint(
                    number=point.number if told.name == "progress" else None,
                    at=int(point.when.timestamp()),
                    level=round(min(1.0, point.value / top), 4),
                    day=day.strip(),
                    label=label.strip(),
                    hollow=bool(point.differs),
                    note=notes.get(point.number) if told.name == "progress" else None,
                    noted=point.noted,
                    tried=point.tried,
                )
                for point, (day, label) in zip(told.points, labels, strict=True)
            ),
            ticks=tuple((round(value / top, 4), text) for value, text in chart.ticks),
            band=None if chart.band is None else (round(chart.band[0] / top, 4), round(chart.band[1] / top, 4)),
            lately=None
            if chart.lately is None
            else (int(chart.lately[0].timestamp()), round(chart.lately[1] / top, 4)),
            better=chart.better,
            bars=tuple(PageBar(name=bar.name, start=_seconds(bar.start), end=_seconds(bar.end)) for bar in chart.bars),
            measures=tuple(PageChoice(key=key, label=name) for key, name in zip(view.measures, names, strict=True)),
            has_spans=view.has_spans,
        )


def _seconds(when: datetime | None) -> int | None:
    return None if when is None else int(when.timestamp())
