"""Words that are no command and no answer of ours: help comes first, before notes, cities and commands."""

from dataclasses import dataclass

from telegram import Message, Update
from telegram.ext import filters

from bot.listening import Topic, heard
from bot.views.person import HeardView
from handlers.turn import Context, Hearing, message_of


class _SaysSomething(filters.MessageFilter):
    """A text that is answered for what it says; behind a command only a need for help is heard."""

    def filter(self, message: Message) -> bool:
        topic = heard(message.text or "")
        return topic is not None and (topic.needs_help or not (message.text or "").startswith("/"))


says_something = _SaysSomething()


@dataclass(frozen=True, kw_only=True)
class ListeningHandlers:
    """What is heard is answered, and kept nowhere."""

    hearing: Hearing

    async def on_words(self, update: Update, _: Context) -> None:
        await self._answer(update, heard(message_of(update).text or ""))

    async def on_caption(self, update: Update) -> bool:
        """What was written under something that was sent. False when it asks for no help."""
        topic = heard(message_of(update).caption or "")
        if topic is None or not topic.needs_help:
            return False
        await self._answer(update, topic)
        return True

    async def _answer(self, update: Update, topic: Topic | None) -> None:
        if topic is not None:
            await self.hearing.answer(update, "heard", HeardView(topic=topic))
