"""The first minutes: /start, consent, the notice, help and the photo guide."""

from dataclasses import dataclass

from bot.diary.experiments.running import ExperimentSteps
from bot.imaging.pictures.guide import photo_guide
from bot.people.consent import CONSENT_VERSION, People
from bot.people.menu_button import MenuButton
from bot.reports.home import Home
from bot.reports.requests import ReportRequests
from bot.views.person import StartView
from bot.views.reports import CountView
from handlers.own_data import OwnDataHandlers
from handlers.reports import ReportHandlers, typed_number
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class WelcomeHandlers:
    """Who comes in, and what they agree to."""

    people: People
    desk: ReportRequests
    reports: ReportHandlers
    home: Home
    menu_button: MenuButton
    own_data: OwnDataHandlers
    trying: ExperimentSteps

    async def on_start(self, turn: Turn) -> None:
        link = turn.words[0] if turn.words else ""
        if link.startswith("r_"):
            await self.reports.on_open(turn, typed_number(link.removeprefix("r_")))
            return
        if link.startswith("m_"):
            await self.own_data.on_arrival(turn, link)
            return
        consented = self.people.consents(turn.person)
        last = await self.home.last(turn.person) if consented else None
        plan = await self.trying.standing(turn.person) if consented else None
        await turn.say(StartView(consented=consented, last=last, plan=plan))
        await self.menu_button.set_again(turn.person)

    async def on_agree(self, turn: Turn, version: int) -> None:
        await self._agree(turn, version, shares_photos=True)

    async def on_agree_here(self, turn: Turn, version: int) -> None:
        """Yes, but photos stay on this machine."""
        await self._agree(turn, version, shares_photos=False)

    async def _agree(self, turn: Turn, version: int, *, shares_photos: bool) -> None:
        if version != CONSENT_VERSION:
            await self.on_question(turn)
            return
        person = await self.people.agree(turn.person, shares_photos=shares_photos)
        waiting = await self.desk.release(person)
        await turn.show("consent_given", CountView(count=len(waiting)))
        await self.desk.begin(person, waiting)

    async def on_question(self, turn: Turn) -> None:
        """The question as it stands today, in place of what stood there."""
        await turn.show("consent", self.people.question(turn.person))

    async def on_decline(self, turn: Turn) -> None:
        """Under an older question, when another one was answered with yes, a no takes that back: after asking."""
        if self.people.consents(turn.person):
            await turn.show("withdraw_confirm")
            return
        forgotten = await self.desk.forget(turn.person)
        await turn.show("consent_declined", CountView(count=forgotten))

    async def on_adult(self, turn: Turn) -> None:
        """The question becomes the report that it stood before."""
        await self.people.confirm_adult(turn.person)
        if not await self.desk.tell_adult(turn.person):
            await turn.say("button_expired")

    async def on_privacy(self, turn: Turn) -> None:
        await turn.say("privacy", self.people.notice(turn.person))

    async def on_help(self, turn: Turn) -> None:
        await turn.say("help")

    async def on_guide(self, turn: Turn) -> None:
        await turn.voice.show(turn.person, photo_guide(), "guide")
