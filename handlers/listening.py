"""Words that are no command and no answer of ours: help comes first, before notes, cities and commands.

What is heard is answered, and kept nowhere.
"""

from telegram import Message
from telegram.ext import filters

from bot.listening import heard
from bot.views.person import HeardView
from handlers.turn import Turn


class _SaysSomething(filters.MessageFilter):
    """A text that is answered for what it says; behind a command only a need for help is heard."""

    def filter(self, message: Message) -> bool:
        topic = heard(message.text or "")
        return topic is not None and (topic.needs_help or not (message.text or "").startswith("/"))


says_something = _SaysSomething()


async def on_words(turn: Turn, message: Message) -> None:
    topic = heard(message.text or "")
    if topic is not None:
        await turn.say(HeardView(topic=topic))


async def helped(turn: Turn, message: Message) -> bool:
    """Whether what was written under something that was sent asks for help, which is answered then."""
    topic = heard(message.caption or "")
    if topic is None or not topic.needs_help:
        return False
    await turn.say(HeardView(topic=topic))
    return True
