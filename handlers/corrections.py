"""What a person changes in a message that they sent: a correction is taken, anything else is answered in words."""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from telegram import Update

from bot.reports.feedback import Feedback
from handlers.listening import ListeningHandlers
from handlers.photos import photo_in
from handlers.turn import Context, Hearing, message_of

_REMEMBERED: Final = 500  # messages


@dataclass(frozen=True, kw_only=True)
class CorrectionHandlers:
    hearing: Hearing
    listening: ListeningHandlers
    remarks: Feedback
    told: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))

    async def on_command(self, update: Update, _: Context) -> None:
        """A command is not carried out for being changed, which is said once, however often it is."""
        message = message_of(update)
        this = (message.chat_id, message.message_id)
        if this not in self.told:
            self.told.append(this)
            await self.hearing.answer(update, "edited_command")

    async def on_picture(self, update: Update, _: Context) -> None:
        """Other words under a selfie are its note from now on; another picture has to be sent anew."""
        person, message = await self.hearing.person(update), message_of(update)
        if await self.listening.on_caption(update):
            return
        if not self.hearing.people.consents(person):
            await self.hearing.people.ask_consent(person, photo_waiting=True)
            return
        report = await self.remarks.of_message(person, message.message_id)
        if report is None or not report.has(photo_in(message)):
            await self.hearing.answer(update, "edited_photo")
            return
        noted = await self.remarks.correct(person, report, message.caption or "")
        if noted is not None:
            await self.hearing.answer(update, "note_saved" if noted.number > 0 else "note_waits", noted)
