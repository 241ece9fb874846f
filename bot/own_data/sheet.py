"""The sheet for a doctor: what was counted and when, and the person's notes. Dates and counts, no diagnosis."""

import asyncio
import io
from collections.abc import AsyncIterator, Collection
from typing import Final

from bot.clock import Clock
from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import Renderer
from bot.reports.reader import ReportReader
from bot.skin.analysis import MarkKind
from bot.skin.measures import NEVER_FOLLOWED
from bot.storage.people.own_data import OwnDataRows
from bot.storage.records import PersonRecord, ReportRecord
from bot.views.own_data import SheetRow, SheetView

_MOST_ROWS: Final = 14
_MOST_NOTES: Final = 12
_CELL: Final = "¦"  # between the cells of a row, in the template as well


class DoctorSheet:
    def __init__(
        self, *, rows: OwnDataRows, voice: Voice, renderer: Renderer, reader: ReportReader, now: Clock
    ) -> None:
        self._rows = rows
        self._voice = voice
        self._renderer = renderer
        self._reader = reader
        self._now = now

    async def hand_over(self, person: PersonRecord) -> bool:
        """Send the sheet. False when there is no report to put on it. Raises DeliveryError."""
        reports = [report async for report in self._delivered(person)]
        if not reports:
            return False
        pdf = await asyncio.to_thread(self._drawn, person, reports)
        name = f"skin-sheet-{self._now():%Y-%m-%d}.pdf"
        await self._voice.hand_over(person, io.BytesIO(pdf), name, "sheet")
        return True

    async def _delivered(self, person: PersonRecord) -> AsyncIterator[ReportRecord]:
        after = 0
        while batch := await self._rows.reports(person.id, after=after):
            for report in batch:
                if report.summary and report.answer is not None and not report.remarks.somebody_else:
                    yield report
            after = batch[-1].id

    def _drawn(self, person: PersonRecord, reports: list[ReportRecord]) -> bytes:
        from bot.own_data.pdf import Sheet, TableSeries, draw_sheet  # noqa: PLC0415 - fonts and PDF cost 0.2 s to load

        view = self._view(person, reports)
        words = self._renderer.parts("sheet", self._voice.locale(person), view, zone=clock_of(person))
        columns = tuple(words["columns"].split("\n"))
        counted = [
            (place, kind) for place, kind in enumerate(view.kinds) if any(row.counts[place] for row in view.rows)
        ]
        return draw_sheet(
            Sheet(
                title=words["title"],
                intro=words["intro"],
                chart_title=words["chart_title"],
                series=tuple(
                    TableSeries(name=columns[1 + place], values=tuple(_valued(row, place, kind) for row in view.rows))
                    for place, kind in counted
                ),
                dates=tuple(row.when for row in view.rows),
                columns=columns,
                rows=tuple(_cells(line, len(columns)) for line in words["rows"].split("\n")),
                legend=words["legend"],
                notes_title=words["notes_title"],
                notes=tuple(_dated(line) for line in words["notes"].split("\n") if line),
                more_notes=words["more_notes"],
                footer=words["footer"],
                made_at=view.made_at,
            )
        )

    def _view(self, person: PersonRecord, reports: list[ReportRecord]) -> SheetView:
        """The newest reports, oldest first, all read by the instrument that read the newest: others don't compare."""
        provider = self._reader.analysis(reports[-1]).provider
        alike = [report for report in reports if report.instrument == reports[-1].instrument][-_MOST_ROWS:]
        measured = {kind for report in alike for kind in self._reader.analysis(report).marks}
        kinds = counted_kinds(measured)
        noted = [(report.requested_at, report.note) for report in reports if report.note]
        return SheetView(
            made_at=self._now(),
            provider=provider,
            kinds=kinds,
            rows=tuple(self._row(person, report, kinds) for report in alike),
            notes=tuple(reversed(noted[-_MOST_NOTES:])),
            left_out=len(reports) - len(alike),
        )

    def _row(self, person: PersonRecord, report: ReportRecord, kinds: tuple[MarkKind, ...]) -> SheetRow:
        """A nothing in a photo that could not have shown it is no number."""
        analysis, told = self._reader.analysis(report), self._reader.told(person, report).report
        counts = [len(analysis.marks[kind]) if kind in analysis.marks else None for kind in kinds]
        share = analysis.redness.area if analysis.redness else None
        return SheetRow(
            number=report.number,
            when=report.requested_at,
            counts=tuple(count if count or told.shows_all else None for count in counts),
            share=share if share or told.shows_all else None,
            photo_notes=told.photo_notes,
            disputed=report.disputed,
        )


def counted_kinds(measured: Collection[MarkKind]) -> tuple[MarkKind, ...]:
    """The sheet's columns of counts: a row of moles over time would be read as their monitoring."""
    return tuple(kind for kind in MarkKind if kind in measured and kind not in NEVER_FOLLOWED)


def _valued(row: SheetRow, place: int, kind: MarkKind) -> float | None:
    """What the person called not true is not on the chart."""
    return None if kind in row.disputed else row.counts[place]


def _cells(line: str, columns: int) -> tuple[str, ...]:
    cells = [cell.strip() for cell in line.split(_CELL)]
    return tuple((cells + [""] * columns)[:columns])


def _dated(line: str) -> tuple[str, str]:
    date, _, text = line.partition(_CELL)
    return date.strip(), text.strip()
