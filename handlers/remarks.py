"""What a person adds to a report: a text in reply to it is its note; taps say what is not true for them."""

import re
from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardMarkup, Message, Update

from bot.reports.feedback import Feedback
from bot.storage.records import PersonRecord
from handlers.turn import Context, Hearing, message_of, query_of, tapped_number

_OF_A_REPORT: Final = re.compile(
    r"(?:details|dispute|unnote):(\d{1,9})"
)  # buttons that only a report's own messages have


@dataclass(frozen=True, kw_only=True)
class RemarkHandlers:
    hearing: Hearing
    remarks: Feedback

    async def on_reply(self, update: Update, _: Context) -> None:
        """A text in reply to one of the bot's messages about a report; in reply to anything else it is only a text."""
        person, message = await self.hearing.person(update), message_of(update)
        number = await self._answered(person, message.reply_to_message, update.get_bot().id)
        view = None if number is None else await self.remarks.note(person, number, message.text or "")
        await self.hearing.answer(update, "text_hint" if view is None else "note_saved", view)

    async def on_remove_note(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        view = await self.remarks.remove_note(person, tapped_number(update))
        await self.hearing.turn_page(update, "report_missing" if view is None else "note_saved", view)

    async def on_dispute(self, update: Update, _: Context) -> None:
        """`dispute:<number>` opens the list, `dispute:<number>:<key>` toggles a finding in it."""
        person = await self.hearing.person(update)
        number, *keys = (query_of(update).data or "").removeprefix("dispute:").split(":")
        if keys:
            view = await self.remarks.toggle(person, number, keys[0])
        else:
            view = await self.remarks.disputable(person, number)
        await self.hearing.turn_page(update, "report_missing" if view is None else "dispute", view)

    async def _answered(self, person: PersonRecord, message: Message | None, bot_id: int) -> int | None:
        """The number of the report that a message of the bot is about."""
        if message is None or message.from_user is None or message.from_user.id != bot_id:
            return None
        for data in _data(message.reply_markup):
            found = _OF_A_REPORT.fullmatch(data)
            if found is not None:
                return int(found[1])
        return await self.remarks.shown_in(person, message.message_id)


def _data(markup: InlineKeyboardMarkup | None) -> list[str]:
    rows = markup.inline_keyboard if markup is not None else ()
    return [button.callback_data for row in rows for button in row if isinstance(button.callback_data, str)]
