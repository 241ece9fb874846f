"""Every other message gets a useful answer too."""

from contextlib import suppress
from dataclasses import dataclass

from telegram import Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.people.unreachable import UnreachablePeople
from bot.telegram.errors import DeliveryError
from handlers.listening import ListeningHandlers
from handlers.turn import Context, Hearing


@dataclass(frozen=True, kw_only=True)
class FallbackHandlers:
    hearing: Hearing
    listening: ListeningHandlers
    absence: UnreachablePeople

    async def on_text(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "text_hint")

    async def on_unknown_command(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "unknown_command")

    async def on_voice(self, update: Update, _: Context) -> None:
        """Words that are spoken, as a note or as anything else."""
        if not await self.listening.on_caption(update):
            await self.hearing.answer(update, "voice_message")

    async def on_no_picture(self, update: Update, _: Context) -> None:
        """A sticker, a video, a place: anything without a still picture."""
        if not await self.listening.on_caption(update):
            await self.hearing.answer(update, "not_a_picture_message")

    async def on_unknown_tap(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "button_expired")

    async def on_group(self, update: Update, _: Context) -> None:
        """Skin is nobody else's business: say so once, and leave."""
        chat = update.effective_chat
        if chat is None or chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return
        with suppress(DeliveryError):  # gone already: either way we are out
            await self.hearing.voice.say_and_leave(chat.id, "private_only")

    async def on_nobody(self, _: Update, __: Context) -> None:
        """Two bots that answer each other would never end; nothing of either is kept."""

    async def on_membership(self, update: Update, context: Context) -> None:
        """The bot was put into a group or a channel, or somebody blocked it."""
        change = update.my_chat_member
        if change is not None and change.chat.type == ChatType.CHANNEL:
            with suppress(DeliveryError):  # gone already
                await self.hearing.voice.leave(change.chat.id)
            return
        if change is not None and change.chat.type == ChatType.PRIVATE:
            if change.new_chat_member.status == ChatMemberStatus.BANNED:
                await self.absence.note(change.chat.id)
            else:
                await self.hearing.person(update)  # they are back
            return
        await self.on_group(update, context)
