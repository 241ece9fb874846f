"""Past reports, shown again: /history, /report N, /latest, and the buttons under a report."""

from dataclasses import dataclass

from telegram import Update

from bot.reports.history import ReportHistory
from bot.storage.records import PersonRecord, ReportRecord
from handlers.turn import Context, Hearing, tapped_number


@dataclass(frozen=True, kw_only=True)
class ReportHandlers:
    hearing: Hearing
    past: ReportHistory

    async def on_history(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.answer(update, *await self.past.page(person, 0))

    async def on_page(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.turn_page(update, *await self.past.page(person, tapped_number(update)))

    async def on_latest(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        report = await self.past.latest(person)
        if report is None:
            await self.hearing.answer(update, "history_empty")
            return
        await self.past.show(person, report)

    async def on_report(self, update: Update, context: Context) -> None:
        if context.args:
            await self.show(update, context.args[0])
        else:
            await self.on_latest(update, context)

    async def on_open(self, update: Update, _: Context) -> None:
        await self.show(update, str(tapped_number(update)))

    async def on_details(self, update: Update, _: Context) -> None:
        person, report = await self._find(update, str(tapped_number(update)))
        if report is not None:
            await self.hearing.turn_page(update, "details", self.past.details(person, report))

    async def on_picture(self, update: Update, _: Context) -> None:
        person, report = await self._find(update, str(tapped_number(update)))
        instead = await self.past.draw(person, report) if report is not None else None
        if instead is not None:
            await self.hearing.answer(update, instead.name, instead.view)

    async def on_redness(self, update: Update, _: Context) -> None:
        person, report = await self._find(update, str(tapped_number(update)))
        instead = await self.past.show_redness(person, report) if report is not None else None
        if instead is not None:
            await self.hearing.answer(update, instead.name, instead.view)

    async def show(self, update: Update, number: str) -> None:
        """Another person's number is simply a number this person has no report under."""
        person, report = await self._find(update, number)
        if report is not None:
            await self.past.show(person, report)

    async def _find(self, update: Update, number: str) -> tuple[PersonRecord, ReportRecord | None]:
        person = await self.hearing.person(update)
        report = await self.past.find(person, number)
        if report is None:
            await self.hearing.answer(update, "report_missing")
        return person, report
