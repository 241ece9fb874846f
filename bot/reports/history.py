"""A person's past reports: found by their own numbers only, shown again without a new analysis."""

from collections.abc import Awaitable
from typing import Final

from bot.clock import Clock
from bot.reports.allowance import TooManyPhotos
from bot.reports.charts import Screen
from bot.reports.delivery import Delivery
from bot.reports.series import NEWEST, SeriesReader
from bot.skin.trend import REPEAT_WITHIN
from bot.storage.records import AGE_UNSURE, PersonRecord, ReportRecord
from bot.storage.reports.reports import ReportRows
from bot.storage.reports.series import SeriesRows
from bot.views.reports import HistoryRow, HistoryView, PhotosLimitView, ReportView

PAGE_ROWS: Final = 8


class ReportHistory:
    def __init__(
        self, *, rows: ReportRows, series: SeriesReader, track: SeriesRows, delivery: Delivery, now: Clock
    ) -> None:
        self._rows = rows
        self._series = series
        self._track = track
        self._delivery = delivery
        self._now = now

    async def find(self, person: PersonRecord, number: int) -> ReportRecord | None:
        """The person's own analysed report of that number; None for anything else."""
        report = await self._rows.of_person(person.id, number)
        told = report is not None and report.answer is not None and report.reason != AGE_UNSURE
        return report if told else None

    async def latest(self, person: PersonRecord) -> ReportRecord | None:
        return await self._rows.latest(person.id)

    async def page(self, person: PersonRecord, page: int) -> HistoryView | None:
        """A page of the history, newest first; None when there is nothing. A page too far is the last."""
        count = await self._rows.count(person.id)
        if count == 0:
            return None
        pages = -(-count // PAGE_ROWS)
        page = max(0, min(page, pages - 1))
        rows = await self._rows.history(person.id, offset=page * PAGE_ROWS, limit=PAGE_ROWS)
        went = await self._series.directions(person)
        shown = tuple(
            HistoryRow(
                number=row.number,
                when=row.when,
                watch=row.watch,
                noted=bool(row.note),
                note=row.note,
                somebody_else=row.remarks.somebody_else,
                went=went.get(row.number),
            )
            for row in rows
        )
        return HistoryView(rows=shown, page=page, pages=pages)

    async def every(self, person: PersonRecord) -> tuple[HistoryRow, ...]:
        """The newest 60 that are of the person themselves, newest first."""
        rows = await self._rows.history(person.id, offset=0, limit=NEWEST)
        own = [row for row in rows if not row.remarks.somebody_else]
        return tuple(HistoryRow(number=row.number, when=row.when, watch=row.watch, note=row.note) for row in own)

    async def neighbours(self, person: PersonRecord, number: int) -> tuple[int | None, int | None]:
        """The numbers of the reports before and after that one."""
        return await self._track.neighbours(person.id, number)

    async def told_now(self, person: PersonRecord, report: ReportRecord) -> ReportView:
        return await self._delivery.told_now(person, report)

    async def show(self, person: PersonRecord, report: ReportRecord) -> None:
        await self._delivery.show_again(person, report)

    async def draw(self, person: PersonRecord, report: ReportRecord) -> Screen | None:
        """What has to be said instead of the picture; None when it is shown."""
        return await _or_instead(self._delivery.draw_again(person, report))

    async def turn_card(self, person: PersonRecord, report: ReportRecord, message_id: int, card: str) -> Screen | None:
        """As `draw`."""
        return await _or_instead(self._delivery.turn_card(person, report, message_id, card))

    async def tell_anew(
        self, person: PersonRecord, report: ReportRecord, *, at: int | None = None, asks: bool = False
    ) -> None:
        await self._delivery.tell_anew(person, report, at=at, asks=asks)

    async def redraw(self, person: PersonRecord, report: ReportRecord) -> bool:
        """False where the picture keeps its old marks."""
        return await self._delivery.redraw(person, report)

    def details(self, person: PersonRecord, report: ReportRecord) -> ReportView:
        return self._delivery.details(person, report)

    async def show_redness(self, person: PersonRecord, report: ReportRecord) -> Screen | None:
        """As `draw`."""
        return await _or_instead(self._delivery.show_redness(person, report))

    async def wish_repeat(self, person: PersonRecord, number: int) -> bool:
        """The next selfie within ten minutes repeats that report; False when there is none that young.

        A second photo in the same minutes tells how far photos of the same skin differ.
        """
        return await self._track.wish_repeat(person.id, number, within=REPEAT_WITHIN, now=self._now())

    async def drop_repeat(self, person: PersonRecord) -> bool:
        """The next selfie is one of its own again; False when no repeat was wished for."""
        return await self._track.drop_repeat(person.id, now=self._now())


async def _or_instead(showing: Awaitable[bool]) -> Screen | None:
    try:
        return None if await showing else Screen(name="picture_gone")
    except TooManyPhotos as error:
        return Screen(name="photos_limit", view=PhotosLimitView(reason=error.reason))
