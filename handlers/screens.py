"""A screen that may be a picture: said anew, or put in place of the message under the tapped button."""

from telegram import Message, Update

from bot.people.voice import Voice
from bot.reports.charts import Screen
from bot.storage.records import PersonRecord
from bot.telegram.errors import DeliveryError, MessageLost


async def say(voice: Voice, person: PersonRecord, screen: Screen) -> None:
    """As a new message. Raises DeliveryError."""
    if screen.picture is None:
        await voice.say(person, screen.name, screen.view)
    else:
        await voice.show(person, screen.picture, screen.name, screen.view)


async def put(voice: Voice, person: PersonRecord, update: Update, screen: Screen) -> None:
    """In place of the tapped message, as far as Telegram turns one into the other; else as a new one."""
    message = update.callback_query.message if update.callback_query else None
    if isinstance(message, Message):
        try:
            if await _turned(voice, person, message, screen):
                return
        except (MessageLost, DeliveryError):
            pass  # too old to edit: say it anew
    await say(voice, person, screen)


async def _turned(voice: Voice, person: PersonRecord, message: Message, screen: Screen) -> bool:
    """False for a picture that would have to become a text of its own."""
    if screen.picture is not None:
        await voice.turn_picture(person, message.message_id, screen.picture, screen.name, screen.view)
    elif message.text is not None:
        await voice.revise(person, message.message_id, screen.name, screen.view)
    elif screen.name == "compare_choice":
        await voice.turn_caption(person, message.message_id, screen.name, screen.view)
    else:
        return False
    return True
