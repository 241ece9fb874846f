"""Use case: /compare. Two reports side by side: in words and, while Telegram has the photos, in a picture."""

from collections.abc import Sequence

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
from bot.skin.compare import Comparison, Snapshot, beside, compare, whole_span
from bot.skin.measures import UNITS, Measure
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
        rows = await self._series.newest(person)
        like = [row for row in rows if row.instrument == rows[-1].instrument]
        pair = whole_span([snapshot(row) for row in like])
        if pair is None:
            return Screen(name="compare_few")
        return await self._shown(person, compare(*pair, _noises_beside(like, *pair)), like)

    async def chosen(self, person: PersonRecord, one: int, other: int) -> Screen:
        """Any two of the person's own; a number that is nobody's or another's is simply not there.

        For one number alone the other report is asked for.
        """
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
        friends = any(row.remarks.somebody_else for row in rows)
        return await self._shown(person, compare(*pair, _noises_beside(like, *pair)), like, somebody_else=friends)

    async def choice(self, person: PersonRecord, *, slot: str, before: int, after: int, page: int) -> Screen:
        """The reports that may take one of the two places, newest first. A page too far is the last."""
        pages = max(1, -(-await self._reports.count(person.id) // PAGE_ROWS))
        page = min(page, pages - 1)
        found = await self._reports.history(person.id, offset=page * PAGE_ROWS, limit=PAGE_ROWS)
        own = [row for row in found if not row.remarks.somebody_else]
        rows = tuple(HistoryRow(number=row.number, when=row.when, watch=row.watch) for row in own)
        view = CompareChoiceView(slot=slot, before=before, after=after, rows=rows, page=page, pages=pages)
        return Screen(name="compare_choice", view=view)

    async def _shown(
        self,
        person: PersonRecord,
        comparison: Comparison,
        rows: Sequence[SeriesRecord],
        *,
        somebody_else: bool = False,
    ) -> Screen:
        picture = await self._pictured(person, (comparison.before.number, comparison.after.number))
        earlier = beside([snapshot(row) for row in rows], comparison.after)
        view = ComparisonView(
            comparison=comparison,
            units=UNITS,
            pictured=picture is not None,
            quiet=person.quiet,
            beside={which: each.number for which, each in earlier.items()},
            somebody_else=somebody_else,
        )
        return Screen(name="comparison", view=view, picture=picture)

    async def _pictured(self, person: PersonRecord, numbers: Sequence[int]) -> bytes | None:
        """None when a photo can't be had, enough were fetched today, or the person wants no pictures kept."""
        if not person.keeps_pictures:
            return None
        reports = [await self._reports.of_person(person.id, number) for number in numbers]
        known = [report for report in reports if report is not None]
        sides = tuple((report.number, report.requested_at) for report in known)
        labels = [plain(line) for line in self._voice.words(person, PairView(sides=sides)).text.split("\n")]
        try:
            before, after = [await self._side(report, label) for report, label in zip(known, labels, strict=True)]
        except (FileUnavailable, PhotoRejected, DeliveryError, TooManyPhotos):
            return None
        return await self._workshop.run(pixel_tasks.draw_pair, before, after)

    async def _side(self, report: ReportRecord, label: str) -> pixel_tasks.Side:
        taken = await self._photos.take_again(report)
        return pixel_tasks.Side(jpeg=taken.photo.jpeg, face=self._reader.analysis(report).face, label=label)


def _noises_beside(rows: Sequence[SeriesRecord], before: Snapshot, after: Snapshot) -> dict[Measure, Noise]:
    """What the person's other photos say about noise: the two themselves may differ by a change."""
    others = [row for row in rows if row.number not in (before.number, after.number)]
    return Series.of(others).noises()
