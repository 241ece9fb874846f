"""What every journey shares: who spoke, and an answer in their language."""

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final

from telegram import CallbackQuery, Message, Update
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes

from bot.observability.logs import note
from bot.people.consent import People
from bot.people.voice import Voice
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError, MessageLost

Context = ContextTypes.DEFAULT_TYPE
_LATELY: Final = 64  # messages that are being answered
Handle = Callable[[Update, Context], Coroutine[Any, Any, None]]


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """`welcome_back`: what is done for somebody who could not be reached for a while."""

    people: People
    voice: Voice
    welcome_back: Callable[[PersonRecord], Awaitable[None]]
    lately: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=_LATELY))

    async def person(self, update: Update) -> PersonRecord:
        user = update.effective_user
        if user is None:
            raise ValueError("an update of a private chat has a person")
        person = await self.people.meet(user.id, user.language_code)
        note(person=person.id)
        if update.message is not None:
            await self._heard(person, update.message.message_id)
        if person.came_back:
            await self.welcome_back(person)
        return person

    async def _heard(self, person: PersonRecord, message_id: int) -> None:
        """Once, however often a journey asks who it was."""
        this = (person.id, message_id)
        if this not in self.lately:
            self.lately.append(this)
            await self.voice.heard(person, message_id)

    async def answer(self, update: Update, name: str, view: object | None = None) -> None:
        """A new message in the person's language."""
        await self.voice.say(await self.person(update), name, view)

    async def turn_page(self, update: Update, name: str, view: object | None = None) -> None:
        """A screen that a button opens: the message under the button becomes it; a picture's is left alone."""
        person = await self.person(update)
        message = tapped_text(update)
        if message is not None:
            try:
                await self.voice.revise(person, message.message_id, name, view)
            except (MessageLost, DeliveryError):
                pass  # too old to edit: say it anew
            else:
                return
        await self.voice.say(person, name, view)


def message_of(update: Update) -> Message:
    """A new message, or one that its person changed."""
    message = update.message or update.edited_message
    if message is None:
        raise ValueError("this route is for messages")
    return message


def query_of(update: Update) -> CallbackQuery:
    if update.callback_query is None:
        raise ValueError("this route is for taps")
    return update.callback_query


def tapped_text(update: Update) -> Message | None:
    """The text message under the tapped button, when it can be edited."""
    message = update.callback_query.message if update.callback_query else None
    return message if isinstance(message, Message) and message.text is not None else None


def tapped_number(update: Update) -> int:
    """The number behind the colon of a button's data."""
    return int((query_of(update).data or "").rpartition(":")[2])


async def acknowledge(update: Update, text: str | None = None) -> None:
    """Stop the button's spinner; one that is too old to be answered is no trouble."""
    try:
        await query_of(update).answer(text)
    except BadRequest:
        return
    except TelegramError:
        return  # the tap's effect matters more than its spinner


def tap(handle: Handle) -> Handle:
    """A tap is acknowledged before its work begins."""

    async def on_tap(update: Update, context: Context) -> None:
        await acknowledge(update)
        await handle(update, context)

    return on_tap
