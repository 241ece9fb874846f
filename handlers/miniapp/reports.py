"""Past reports on the page: the timeline, one report, its pictures. Every one is found by its person's own number."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.people.voice import Voice, clock_of
from bot.rendering.renderer import Renderer
from bot.reports.gallery import Gallery
from bot.reports.history import ReportHistory
from bot.skin.card import TOLD
from bot.storage.experiments.records import UNDER_WAY
from bot.storage.experiments.rows import OVER, ExperimentRows
from bot.storage.records import PersonRecord, ReportRecord
from bot.views import taps
from bot.views.miniapp import (
    MiniAppReportView,
    MiniAppRowsView,
    PageButton,
    PageChoice,
    PageExperiment,
    PageReport,
    PageRow,
    PageTimeline,
)
from bot.views.reports import HistoryRow, ReportView
from handlers.miniapp.turn import page_rows, page_screen
from handlers.turn import TapRoute

_PART: Final = " ¦ "
_OWN: Final = (taps.details, taps.redness, taps.card, taps.picture, taps.history, taps.progress)  # drawn by the page


@dataclass(frozen=True, kw_only=True)
class ReportCalls:
    """`routes`: what can be tapped under a report."""

    past: ReportHistory
    experiments: ExperimentRows
    gallery: Gallery
    voice: Voice
    renderer: Renderer
    routes: Sequence[TapRoute]

    async def timeline(self, person: PersonRecord, page: int = 0) -> PageTimeline:
        view = await self.past.page(person, page)
        if view is None:
            return PageTimeline(rows=(), page=0, pages=0)
        newest = await self._experiment(person) if view.page == 0 else None
        return PageTimeline(rows=self.rows(person, view.rows), page=view.page, pages=view.pages, experiment=newest)

    async def _experiment(self, person: PersonRecord) -> PageExperiment | None:
        every = await self.experiments.every(person.id)
        kept = ((one.state, one.agreed) for one in every if one.state in (*UNDER_WAY, *OVER))
        found = ((state, agreed) for state, agreed in kept if agreed is not None)
        return next((PageExperiment(what=agreed.what, under_way=state in UNDER_WAY) for state, agreed in found), None)

    def rows(self, person: PersonRecord, rows: Sequence[HistoryRow]) -> tuple[PageRow, ...]:
        lines = self._lines(person, "miniapp_rows", MiniAppRowsView(rows=tuple(rows)), "rows")
        return tuple(
            PageRow(
                number=row.number,
                day=day,
                what=what,
                went=went,
                note=row.note,
                somebody_else=row.somebody_else,
            )
            for row, (day, what, went) in zip(rows, lines, strict=True)
        )

    async def report(self, person: PersonRecord, number: int) -> PageReport | None:
        report = await self.past.find(person, number)
        if report is None:
            return None
        view = await self.past.told_now(person, report)
        words, details = self.voice.words(person, "report", view), self.voice.words(person, "details", view)
        earlier, later = await self.past.neighbours(person, number)
        parts = self._parts(
            person, "miniapp_report", MiniAppReportView(number=number, when=view.when, cards=view.cards)
        )
        cards = [line for line in parts["cards"].split("\n") if line]
        return PageReport(
            number=number,
            title=parts["title"],
            html=words.text,
            details=page_screen("details", details, ()),
            cards=tuple(PageChoice(key=key, label=label.strip()) for key, label in zip(view.cards, cards, strict=True)),
            picture=_picture_of(report, view),
            redness=view.has_redness,
            note=view.note,
            earlier=earlier,
            later=later,
            rows=_without_own(page_rows((*words.rows, *details.rows), self.routes)),
        )

    async def picture(self, person: PersonRecord, number: int, card: str) -> bytes | None:
        """Raises TooManyPhotos, DeliveryError."""
        report = await self.past.find(person, number)
        if report is None:
            return None
        if card == "redness":
            return await self.gallery.redness(person, report)
        known = self.past.details(person, report).cards
        return await self.gallery.card(person, report, card if card in known else TOLD)

    def _lines(self, person: PersonRecord, name: str, view: object, block: str) -> list[list[str]]:
        text = self._parts(person, name, view)[block]
        return [[part.strip() for part in line.split(_PART.strip())] for line in text.split("\n") if line]

    def _parts(self, person: PersonRecord, name: str, view: object) -> dict[str, str]:
        return self.renderer.parts(name, self.voice.locale(person), view, zone=clock_of(person))


def _picture_of(report: ReportRecord, view: ReportView) -> str:
    """Who keeps no pictures is shown one when they ask for it, while Telegram's place of the photo is known."""
    has = bool(report.photos[report.chosen or 0].file_id)
    if view.offers_picture:
        return "asked" if has else "none"
    return "shown" if has or report.annotated_file_id else "none"


def _without_own(rows: Sequence[Sequence[PageButton]]) -> tuple[tuple[PageButton, ...], ...]:
    seen: set[str] = set()
    kept: list[tuple[PageButton, ...]] = []
    for row in rows:
        fresh = tuple(
            button for button in row if button.data not in seen and all(tap.read(button.data) is None for tap in _OWN)
        )
        seen.update(button.data for button in fresh)
        if fresh:
            kept.append(fresh)
    return tuple(kept)
