"""What a person changes in a message that they sent: a correction is taken, anything else is answered in words."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from telegram import Message

from bot.people.consent import People
from bot.reports.feedback import Feedback
from handlers.listening import helped
from handlers.photos import photo_in
from handlers.turn import Turn

_REMEMBERED: Final = 500  # messages


@dataclass(frozen=True, kw_only=True)
class CorrectionHandlers:
    """`told`: the commands, by chat and message, of which it was said that changing them does nothing."""

    people: People
    feedback: Feedback
    told: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    async def on_command(self, turn: Turn, message: Message) -> None:
        """A command is not carried out for being changed, which is said once, however often it is."""
        this = (message.chat_id, message.message_id)
        if this not in self.told:
            self.told.append(this)
            await turn.say("edited_command")

    async def on_picture(self, turn: Turn, message: Message) -> None:
        """Other words under a selfie are its note from now on; another picture has to be sent anew."""
        if await helped(turn, message):
            return
        if not self.people.consents(turn.person):
            await self.people.ask_consent(turn.person, photo_waiting=True)
            return
        report = await self.feedback.of_message(turn.person, message.message_id)
        if report is None or not report.has(photo_in(message)):
            await turn.say("edited_photo")
            return
        noted = await self.feedback.correct(turn.person, report, message.caption or "")
        if noted is not None:
            await turn.say("note_saved" if noted.number > 0 else "note_waits", noted)
