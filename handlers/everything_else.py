"""Every other message gets a useful answer too."""

from contextlib import suppress
from dataclasses import dataclass

from telegram import Update
from telegram.constants import ChatType, ParseMode
from telegram.error import TelegramError

from handlers.hearing import Context, Hearing


@dataclass(frozen=True, kw_only=True)
class EverythingElse:
    hearing: Hearing

    async def on_text(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "text_hint")

    async def on_unknown_command(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "unknown_command")

    async def on_no_picture(self, update: Update, _: Context) -> None:
        """A sticker, a voice message, a video, a place: anything without a still picture."""
        await self.hearing.answer(update, "not_a_picture_message")

    async def on_unknown_tap(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "button_expired")

    async def on_group(self, update: Update, context: Context) -> None:
        """Skin is nobody else's business: say so once, and leave."""
        chat = update.effective_chat
        if chat is None or chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return
        words = self.hearing.voice.words_in("en", "private_only")
        with suppress(TelegramError):  # not allowed to speak there, or gone already: either way we are out
            await context.bot.send_message(chat.id, words.text, parse_mode=ParseMode.HTML)
        with suppress(TelegramError):
            await context.bot.leave_chat(chat.id)
