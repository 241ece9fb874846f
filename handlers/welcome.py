"""The first minutes: /start, consent, the notice, help and the photo guide."""

from dataclasses import dataclass

from telegram import Update

from bot.imaging.pictures.guide import photo_guide
from bot.people.consent import CONSENT_VERSION
from bot.reports.requests import ReportRequests
from bot.views.person import StartView
from bot.views.reports import CountView
from handlers.reports import ReportHandlers
from handlers.turn import Context, Hearing, query_of


@dataclass(frozen=True, kw_only=True)
class WelcomeHandlers:
    hearing: Hearing
    desk: ReportRequests
    history: ReportHandlers

    async def on_start(self, update: Update, context: Context) -> None:
        link = context.args[0] if context.args else ""
        if link.startswith("r_"):
            await self.history.show(update, link.removeprefix("r_"))
            return
        person = await self.hearing.person(update)
        await self.hearing.answer(update, "start", StartView(consented=self.hearing.people.consents(person)))

    async def on_agree(self, update: Update, context: Context) -> None:
        person = await self.hearing.person(update)
        _, answer, version = (query_of(update).data or "").split(":")
        if int(version) != CONSENT_VERSION:
            await self.on_question(update, context)
            return
        person = await self.hearing.people.agree(person, shares_photos=answer == "yes")
        waiting = await self.desk.release(person)
        await self.hearing.turn_page(update, "consent_given", CountView(count=len(waiting)))
        await self.desk.begin(person, waiting)

    async def on_question(self, update: Update, _: Context) -> None:
        """The question as it stands today, in place of what stood there."""
        person = await self.hearing.person(update)
        await self.hearing.turn_page(update, "consent", self.hearing.people.question(person))

    async def on_decline(self, update: Update, _: Context) -> None:
        """Under an older question, when another one was answered with yes, a no takes that back: after asking."""
        person = await self.hearing.person(update)
        if self.hearing.people.consents(person):
            await self.hearing.turn_page(update, "withdraw_confirm")
            return
        forgotten = await self.desk.forget(person)
        await self.hearing.turn_page(update, "consent_declined", CountView(count=forgotten))

    async def on_privacy(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.answer(update, "privacy", self.hearing.people.notice(person))

    async def on_help(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "help")

    async def on_guide(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        await self.hearing.voice.show(person, photo_guide(), "guide")
