"""A person's reports as a row of numbers over time: kept with each report, made up for older ones, compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Self

from bot.reports.reader import NotAnalysed, ReadAnswer, ReportReader
from bot.skin.analysis import Analysis, Judged
from bot.skin.compare import Change, Snapshot, compare
from bot.skin.measures import WITHHELD, Measure, disputed_measures, followed_by, measures_of, scale_of
from bot.skin.scene import Differs, Scene, comparable_with, differences, scene_of
from bot.skin.story import Story, celebrates, story_of
from bot.skin.trend import REPEAT_WITHIN, Noise, Point, noise_of, visits_of
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.records import PersonRecord, ReportRecord, ReportSummary, SeriesRecord, Tried
from bot.storage.reports.reports import ReportRows
from bot.storage.reports.series import SeriesRows
from bot.views.reports import ChangeView, PastLines, StoryView

NEWEST: Final = 60  # reports: what a chart on a phone can show, and a bound on what has to be opened for it
_LONG_AGO: Final = timedelta(days=45)  # then the month alone is enough to say
_TOLD_OF: Final = frozenset({Tried.YES, Tried.PARTLY, Tried.NO})
_UNKNOWN: Final = frozenset({Differs.LIGHT})  # how the photo was taken was not kept


class SeriesReader:
    def __init__(
        self, *, track: SeriesRows, reports: ReportRows, experiments: ExperimentRows, reader: ReportReader
    ) -> None:
        self._track = track
        self._experiments = experiments
        self._reports = reports
        self._reader = reader

    async def newest(self, person: PersonRecord, *, limit: int = NEWEST) -> Sequence[SeriesRecord]:
        """Of the newest reports those of the person themselves, with what can be followed in them, oldest first."""
        rows = await self._whole(person, await self._track.newest(person.id, limit=limit))
        return [row for row in rows if not row.remarks.somebody_else]

    async def numbered(self, person: PersonRecord, numbers: Sequence[int]) -> Sequence[SeriesRecord]:
        """Those of these numbers that are the person's own, analysed reports."""
        return await self._whole(person, await self._track.numbered(person.id, numbers))

    async def lines(self, person: PersonRecord, report: ReportRecord, summary: ReportSummary) -> PastLines:
        """What a report can say about the ones before it.

        While an experiment is under way it is nothing of the skin: its answer comes at the end.
        """
        if report.remarks.somebody_else:
            return PastLines()
        this = (report.requested_at, report.number)
        earlier = [row for row in await self.newest(person) if (row.when, row.number) < this]
        change = since_last(report, summary, earlier)
        steps = tuple(row.summary.step for row in earlier if row.summary.step)
        if await self.judged(person) is not None:
            of_photo = change is not None and (change.differs or change.repeat or change.anew)
            return PastLines(change=change if of_photo else None, steps=steps, trying=True)
        story = _story_with([*earlier, row_of(report, summary)])
        first_time = celebrates(story, [row.summary.celebrated or "" for row in earlier])
        told = None if story is None else story_view(person, story, celebrated=first_time, now=report.requested_at)
        return PastLines(change=change, story=told, steps=steps)

    async def directions(self, person: PersonRecord) -> Mapping[int, Change]:
        """Where the first thing that stood out went since the last photo that compares, by report; the newest 60."""
        rows, withheld = await self.newest(person), WITHHELD[await self.judged(person)]
        noises = Series.of(rows).noises() if rows else {}
        told = ((at, row) for at, row in enumerate(rows) if withheld.isdisjoint(row.summary.watch[:1]))
        found = ((row.number, _direction(rows[:at], row, noises)) for at, row in told)
        return {number: change for number, change in found if change is not None}

    async def judged(self, person: PersonRecord) -> Judged | None:
        """What an experiment that is under way is judged by; None without one."""
        current = await self._experiments.current(person.id)
        return None if current is None or current.agreed is None else current.agreed.plan.judged

    async def latest_lines(self, person: PersonRecord) -> PastLines:
        """The same of the newest report: what a reminder and /start can say about the past."""
        rows = await self.newest(person)
        newest = await self._reports.of_person(person.id, rows[-1].number) if rows else None
        if newest is None:
            return PastLines()
        try:
            return await self.lines(person, newest, summary_of(newest, self._reader.told(person, newest)))
        except NotAnalysed:
            return PastLines()

    async def is_redness_hard(self, person: PersonRecord) -> bool:
        """Whether it is hard to judge in the newest photo: read from that one's answer, and kept nowhere."""
        rows = await self._track.newest(person.id, limit=1)
        report = await self._reports.of_person(person.id, rows[-1].number) if rows else None
        try:
            return report is not None and self._reader.told(person, report).report.redness_is_hard
        except NotAnalysed:
            return False

    async def _whole(self, person: PersonRecord, rows: Sequence[SeriesRecord]) -> Sequence[SeriesRecord]:
        return [row if row.summary.measures is not None else await self._made_up(person, row) for row in rows]

    async def _made_up(self, person: PersonRecord, row: SeriesRecord) -> SeriesRecord:
        """A report from before summaries held measures: read once from its answer, and kept."""
        report = await self._reports.of_person(person.id, row.number)
        try:
            summary = summary_of(report, self._reader.told(person, report)) if report is not None else None
        except NotAnalysed:
            summary = None
        if summary is None:
            return replace(row, summary=replace(row.summary, measures={}))
        await self._track.set_summary(person.id, row.number, summary)
        return replace(row, summary=summary)


def since_last(report: ReportRecord, summary: ReportSummary, earlier: Sequence[SeriesRecord]) -> ChangeView | None:
    """What is different since the newest comparable one of the `earlier` reports; None for a first report."""
    rows = [row for row in earlier if row.instrument == report.instrument]
    before = [row for row in earlier if row.instrument.provider is report.provider]
    if before and not rows:
        return ChangeView(number=before[-1].number, when=before[-1].when, anew=True)
    now = snapshot(row_of(report, summary))
    again = next((row for row in rows if row.number == report.repeat_of), None)
    if again is not None and not _apart(again.summary.scene, now.scene):
        return ChangeView(number=again.number, when=again.when, repeat=True)
    rows = [row for row in rows if report.requested_at - row.when > REPEAT_WITHIN]
    if not rows:
        return None
    fitting = [row for row in rows if not _apart(row.summary.scene, now.scene)]
    if not fitting:
        last = rows[-1]
        return ChangeView(number=last.number, when=last.when, differs=_apart(last.summary.scene, now.scene))
    compared = compare(snapshot(fitting[-1]), now, Series.of(rows).noises())
    return ChangeView(number=fitting[-1].number, when=fitting[-1].when, changes=compared.changes)


def summary_of(report: ReportRecord, told: ReadAnswer) -> ReportSummary:
    """What a report leaves to be followed by. A nothing is left out where the photo could not have shown it."""
    measured = measures_of(told.analysis)
    return ReportSummary(
        watch=tuple(finding.key for finding in told.report.watch),
        measures={name: value for name, value in measured.items() if value > 0 or told.report.shows_all},
        scene=_scene(report, told.analysis),
        repeat_of=report.repeat_of,
        sides=told.analysis.sides,
    )


@dataclass(frozen=True, kw_only=True)
class Series:
    """One instrument's reports, oldest first; for each what it `told`, undisputed, and why its photo `differs`."""

    rows: tuple[SeriesRecord, ...]
    told: tuple[Mapping[Measure, float], ...]
    differs: tuple[frozenset[Differs], ...]

    @classmethod
    def of(cls, rows: Sequence[SeriesRecord]) -> Self:
        """Numbers of two instruments never meet: only rows of the newest one's are taken."""
        kept = tuple(row for row in rows if row.instrument == rows[-1].instrument)
        usual = iter(comparable_with([row.summary.scene for row in kept if row.summary.scene is not None]))
        return cls(
            rows=kept,
            told=tuple(_undisputed(row) for row in kept),
            differs=tuple(_UNKNOWN if row.summary.scene is None else next(usual) for row in kept),
        )

    def points(self, measure: Measure) -> list[Point]:
        """What has this measure, and is not disputed."""
        return [
            Point(
                number=row.number,
                when=row.when,
                value=told[measure],
                differs=why,
                noted=row.noted,
                tried=row.remarks.tried in _TOLD_OF,
                repeat_of=row.summary.repeat_of,
            )
            for row, told, why in zip(self.rows, self.told, self.differs, strict=True)
            if measure in told
        ]

    def noises(self) -> dict[Measure, Noise]:
        """How far this person's photos differ by themselves."""
        scales = {measure: scale_of(measure) for measure in Measure}
        return {measure: noise_of(visits_of(self.points(measure), scale), scale) for measure, scale in scales.items()}


def _direction(earlier: Sequence[SeriesRecord], row: SeriesRecord, noises: Mapping[Measure, Noise]) -> Change | None:
    """None where there is nothing to compare, and where nothing changed beyond what photos do."""
    first = next(iter(row.summary.watch), "")
    fitting = [
        each
        for each in earlier
        if each.instrument == row.instrument
        and row.when - each.when > REPEAT_WITHIN
        and not _apart(each.summary.scene, row.summary.scene)
    ]
    if not fitting or first not in set(Measure):
        return None
    noise = {measure: each for measure, each in noises.items() if measure == first}
    compared = compare(snapshot(fitting[-1]), snapshot(row), noise)
    return next((each.change for each in compared.changes), None)


def _undisputed(row: SeriesRecord) -> Mapping[Measure, float]:
    """Without what the person called not true, and what is not followed any more."""
    disputed = disputed_measures(row.disputed) if row.disputed else frozenset[Measure]()
    told = followed_by(row.instrument.provider) - disputed
    return {name: value for name, value in (row.summary.measures or {}).items() if name in told}


def snapshot(row: SeriesRecord) -> Snapshot:
    return Snapshot(number=row.number, when=row.when, measures=_undisputed(row), scene=row.summary.scene)


def _story_with(rows: Sequence[SeriesRecord]) -> Story | None:
    """The story that the newest of these reports goes on with; none where its photo does not compare."""
    series = Series.of(rows)
    return None if series.differs[-1] else story_of({measure: series.points(measure) for measure in Measure})


def story_view(person: PersonRecord, story: Story, *, celebrated: bool, now: datetime) -> StoryView:
    return StoryView(
        story=story,
        since=story.since,
        celebrated=celebrated,
        long_ago=now - story.since > _LONG_AGO,
        other_year=story.since.year != now.year,
        quiet=person.quiet,
    )


def _apart(one: Scene | None, other: Scene | None) -> frozenset[Differs]:
    return differences(one, other) if one is not None and other is not None else _UNKNOWN


def _scene(report: ReportRecord, analysis: Analysis) -> Scene | None:
    facts = report.facts
    if facts is None:
        return None
    return scene_of(analysis, conditions=facts.conditions, doubts=frozenset(facts.doubts), width_px=facts.width)


def row_of(report: ReportRecord, summary: ReportSummary) -> SeriesRecord:
    if report.instrument is None:
        raise NotAnalysed
    return SeriesRecord(
        id=report.id,
        number=report.number,
        when=report.requested_at,
        instrument=report.instrument,
        summary=summary,
        disputed=report.disputed,
        noted=report.note is not None,
        remarks=report.remarks,
    )
