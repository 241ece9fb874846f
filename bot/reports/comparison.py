"""Use case: /compare. Two reports side by side: in words and, while Telegram has the photos, in a picture."""

from collections.abc import Sequence
from dataclasses import replace

from bot.analysis import pixel_tasks
from bot.imaging.intake.rejection import PhotoRejected
from bot.imaging.workshop import Workshop
from bot.people.voice import Voice
from bot.rendering.renderer import plain
from bot.reports.allowance import TooManyPhotos
from bot.reports.charts import Screen
from bot.reports.history import PAGE_ROWS
from bot.reports.photos import PhotoIntake
from bot.reports.reader import ReportReader
from bot.reports.series import Series, SeriesReader, snapshot
from bot.skin.compare import Snapshot, beside, compare, whole_span
from bot.skin.measures import UNITS, WITHHELD, Measure
from bot.skin.trend import Noise
from bot.storage.records import PersonRecord, ReportRecord, SeriesRecord
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import DeliveryError, FileUnavailable
from bot.views.progress import CompareChoiceView, ComparisonView, PairView
from bot.views.reports import HistoryRow


class Comparisons:
    def __init__(
        self,
        *,
        series: SeriesReader,
        reports: ReportRows,
        photos: PhotoIntake,
        reader: ReportReader,
        voice: Voice,
        workshop: Workshop,
    ) -> None:
        self._series = series
        self._reports = reports
        self._photos = photos
        self._reader = reader
        self._voice = voice
        self._workshop = workshop

    async def newest(self, person: PersonRecord) -> Screen:
        """The newest report that compares with an earlier one beside the first of those."""
        return await self._shown(person, await self.newest_told(person))

    async def chosen(self, person: PersonRecord, one: int, other: int) -> Screen:
        """Any two of the person's own; a number that is nobody's or another's is simply not there.

        For one number alone the other report is asked for.
        """
        return await self._shown(person, await self.chosen_told(person, one, other))

    async def newest_told(self, person: PersonRecord) -> Screen:
        """As `newest`, the words alone, as if the photos could be shown."""
        rows = await self._series.newest(person)
        like = [row for row in rows if row.instrument == rows[-1].instrument]
        pair = whole_span([snapshot(row) for row in like])
        if pair is None:
            return Screen(name="compare_few")
        return await self._told(person, pair, like)

    async def chosen_told(self, person: PersonRecord, one: int, other: int) -> Screen:
        """As `chosen`, the words alone."""
        rows = await self._series.numbered(person, (one, other))
        if one == other and rows:
            return await self.choice(person, slot="before", before=one, after=one, page=0)
        if len(rows) < 2:
            return Screen(name="report_missing")
        before, after = rows
        if before.instrument != after.instrument:
            return Screen(name="compare_apart")
        pair = snapshot(before), snapshot(after)
        like = [row for row in await self._series.newest(person) if row.instrument == after.instrument]
        return await self._told(person, pair, like, somebody_else=any(row.remarks.somebody_else for row in rows))

    async def newest_usual(self, person: PersonRecord) -> ReportRecord | None:
        """The newest one that was taken as most others were: what the next photo should be like."""
        rows = await self._series.newest(person)
        series = Series.of(rows) if rows else None
        found = zip(series.rows, series.differs, strict=True) if series else ()
        usual = [row.number for row, differs in found if not differs]
        return await self._reports.of_person(person.id, usual[-1]) if usual and person.keeps_pictures else None

    async def choice(self, person: PersonRecord, *, slot: str, before: int, after: int, page: int) -> Screen:
        """The reports that may take one of the two places, newest first. A page too far is the last."""
        pages = max(1, -(-await self._reports.count(person.id) // PAGE_ROWS))
        page = min(page, pages - 1)
        found = await self._reports.history(person.id, offset=page * PAGE_ROWS, limit=PAGE_ROWS)
        own = [row for row in found if not row.remarks.somebody_else]
        rows = tuple(HistoryRow(number=row.number, when=row.when, watch=row.watch) for row in own)
        view = CompareChoiceView(slot=slot, before=before, after=after, rows=rows, page=page, pages=pages)
        return Screen(name="compare_choice", view=view)

    async def aligned(self, person: PersonRecord, before: int, after: int) -> tuple[bytes, bytes] | None:
        """Both photos as JPEGs of one size, eye on eye. None as in `_sides`, and for what is none of theirs."""
        sides = await self._sides(person, (before, after))
        return None if sides is None else await self._workshop.run(pixel_tasks.cut_pair, *sides)

    async def _told(
        self,
        person: PersonRecord,
        pair: tuple[Snapshot, Snapshot],
        like: Sequence[SeriesRecord],
        *,
        somebody_else: bool = False,
    ) -> Screen:
        judged = await self._series.judged(person)
        before, after = (_without(each, WITHHELD[judged]) for each in pair)
        earlier = beside([snapshot(row) for row in like], after)
        view = ComparisonView(
            comparison=compare(before, after, _noises_beside(like, before, after)),
            units=UNITS,
            pictured=True,
            quiet=person.quiet,
            beside={which: each.number for which, each in earlier.items()},
            somebody_else=somebody_else,
            withheld=judged,
        )
        return Screen(name="comparison", view=view)

    async def _shown(self, person: PersonRecord, told: Screen) -> Screen:
        view = told.view
        if not isinstance(view, ComparisonView):
            return told
        sides = await self._sides(person, (view.comparison.before.number, view.comparison.after.number))
        if sides is None:
            return replace(told, view=replace(view, pictured=False))
        return replace(told, picture=await self._workshop.run(pixel_tasks.draw_pair, *sides))

    async def _sides(
        self, person: PersonRecord, numbers: tuple[int, int]
    ) -> tuple[pixel_tasks.Side, pixel_tasks.Side] | None:
        """None when a photo can't be had, enough were fetched today, or the person wants no pictures kept."""
        if not person.keeps_pictures:
            return None
        reports = [await self._reports.of_person(person.id, number) for number in numbers]
        known = [report for report in reports if report is not None]
        if len(known) < len(numbers):
            return None
        sides = tuple((report.number, report.requested_at) for report in known)
        labels = [plain(line) for line in self._voice.words(person, PairView(sides=sides)).text.split("\n")]
        try:
            before, after = [await self._side(report, label) for report, label in zip(known, labels, strict=True)]
        except (FileUnavailable, PhotoRejected, DeliveryError, TooManyPhotos):
            return None
        return before, after

    async def _side(self, report: ReportRecord, label: str) -> pixel_tasks.Side:
        taken = await self._photos.take_again(report)
        return pixel_tasks.Side(jpeg=taken.photo.jpeg, face=self._reader.analysis(report).face, label=label)


def _without(seen: Snapshot, withheld: frozenset[Measure]) -> Snapshot:
    return replace(seen, measures={name: value for name, value in seen.measures.items() if name not in withheld})


def _noises_beside(rows: Sequence[SeriesRecord], before: Snapshot, after: Snapshot) -> dict[Measure, Noise]:
    """What the person's other photos say about noise: the two themselves may differ by a change."""
    others = [row for row in rows if row.number not in (before.number, after.number)]
    return Series.of(others).noises()
