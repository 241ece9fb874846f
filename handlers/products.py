"""Products and habits: a note becomes one, a name is asked for, each is stopped or removed."""

from dataclasses import dataclass

from telegram import Message

from bot.diary.products import Products
from bot.listening import Heard, Topic, is_question
from bot.people.consent import People
from bot.reminders.time_zones import TimeZones
from bot.skin.products import Use
from handlers.reports import ReportHandlers
from handlers.turn import OnMessage, Turn


@dataclass(frozen=True, kw_only=True)
class ProductHandlers:
    """`zones`: while a city is asked for, its name is a city. `otherwise`: who hears a text that is no name.

    `reports`: who hears it in reply to something.
    """

    people: People
    products: Products
    zones: TimeZones
    reports: ReportHandlers
    otherwise: OnMessage

    async def on_list(self, turn: Turn) -> None:
        await turn.show(await self.products.listing(turn.person))

    async def on_new(self, turn: Turn, number: int) -> None:
        """From a note, which stays where it is, or from the list."""
        if not self.people.consents(turn.person):
            await self.people.ask_consent(turn.person, photo_waiting=False)
            return
        choice = await self.products.choice(turn.person, number)
        await (turn.say(choice) if number else turn.show(choice))

    async def on_use(self, turn: Turn, number: int, use: str) -> None:
        if use not in set(Use):
            await self.on_new(turn, number)
        elif not self.people.consents(turn.person):
            await self.people.ask_consent(turn.person, photo_waiting=False)
        else:
            await turn.show(await self.products.keep(turn.person, number, Use(use)))

    async def on_stop(self, turn: Turn, product_id: int) -> None:
        await turn.show(await self.products.stop(turn.person, product_id))

    async def on_remove(self, turn: Turn, product_id: int) -> None:
        await turn.show(await self.products.remove(turn.person, product_id))

    async def on_text(self, turn: Turn, message: Message) -> None:
        """A name when that was asked for, unless it is the city that was asked for."""
        if not await self.named(turn, message):
            await self.otherwise(turn, message)

    async def on_reply(self, turn: Turn, message: Message) -> None:
        """To a message about a report it is a note; to the question for a name it is one."""
        about = await self.reports.answered(turn.person, message.reply_to_message)
        if about is not None or not await self.named(turn, message):
            await self.reports.on_reply(turn, message)

    async def named(self, turn: Turn, message: Message) -> bool:
        """Whether a text was taken for the name that was asked for."""
        text = message.text or ""
        if not self.products.is_asked(turn.person):
            return False
        if await self.zones.is_asked(turn.person) and await self.zones.is_city(text):
            return False
        await turn.say(await self.products.named(turn.person, text))
        return True


def may_be_name(found: Heard, text: str) -> bool:
    """What was heard in a text may be no more than a product's name: retinol, sun cream."""
    if found.topic is Topic.QUESTION:
        return not is_question(text)
    return found.topic is Topic.MEDICINE and not found.asks
