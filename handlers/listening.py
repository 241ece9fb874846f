"""Words that are no command and no answer of ours: help comes first, before notes, cities and commands.

What is heard is answered, and kept nowhere.
"""

from dataclasses import dataclass

from telegram import Message
from telegram.ext import filters

from bot.calendar.zones import country_of
from bot.listening import Heard, Topic, helplines, is_question, listen
from bot.reminders.time_zones import TimeZones
from bot.views import View
from bot.views.person import ExplainedView, HeardView
from handlers.experiments import ExperimentHandlers
from handlers.products import ProductHandlers, may_be_name
from handlers.turn import Turn


class _SaysSomething(filters.MessageFilter):
    """A text that is answered for what it says.

    Behind a command only a cry for help is heard; in an answer to a message, whatever is no note.
    """

    def filter(self, message: Message) -> bool:
        found = listen(message.text or "")
        if found is None:
            return False
        if (message.text or "").startswith("/"):
            return found.topic.is_cry
        return message.reply_to_message is None or heard_in_note(message.text or "") is not None


_NO_CITIES = frozenset({"hola", "gracias", "socorro"})  # said to us; cities of Kenya, Honduras, the Philippines

_NAMED = frozenset({Topic.QUESTION, Topic.MEDICINE})  # "sunscreen" alone may be what somebody wants to try

says_something = _SaysSomething()


@dataclass(frozen=True, kw_only=True)
class ListeningHandlers:
    """`zones`: while a city is asked for, its name is a city, whatever else it may mean.

    So too what somebody wants to try (`trying`), and the name of a product of theirs.
    """

    zones: TimeZones
    trying: ExperimentHandlers
    products: ProductHandlers

    async def on_words(self, turn: Turn, message: Message) -> None:
        text = message.text or ""
        found = listen(text)
        if found is None:
            raise ValueError("this route is for words that say something")
        if not found.topic.is_urgent and await self._is_asked_for(turn, message, text):
            matches = await self.zones.search(text)
            await turn.say("zone_matches", matches)
        elif may_be_name(found, text) and await self.products.named(turn, message):
            return
        elif found.topic in _NAMED and not is_question(text) and await self.trying.awaits(turn, message):
            await self.trying.on_text(turn, message)
        else:
            await turn.say(answer(found, turn.person.time_zone, turn.person.language_code))

    async def _is_asked_for(self, turn: Turn, message: Message, text: str) -> bool:
        return (
            message.reply_to_message is None
            and text.strip().casefold() not in _NO_CITIES
            and await self.zones.is_asked(turn.person)
            and await self.zones.is_city(text)
        )


def heard_in_note(text: str) -> Heard | None:
    """What is answered instead of being kept as a note."""
    found = listen(text)
    return found if found is not None and (found.is_no_note or not found.topic.needs_help) else None


def answer(found: Heard, zone: str | None, language_code: str | None) -> str | View:
    """What is said to it; where help is depends on where somebody lives."""
    if found.topic is Topic.HELP:
        return "help"
    if found.about is not None:
        return ExplainedView(about=found.about)
    return HeardView(topic=found.topic, lines=helplines(country_of(zone) if zone else None, language_code))


async def helped(turn: Turn, message: Message) -> bool:
    """Whether what was written under something that was sent asks for help, which is answered then."""
    found = listen(message.caption or "")
    if found is None or not found.is_no_note:
        return False
    await turn.say(answer(found, turn.person.time_zone, turn.person.language_code))
    return True
