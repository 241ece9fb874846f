"""Every other message gets a useful answer too; and what no journey foresaw is answered kindly, as the last line."""

import logging
from contextlib import suppress
from dataclasses import dataclass

from telegram import Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.people.unreachable import UnreachablePeople
from bot.storage.records import PersonGone
from bot.telegram.errors import DeliveryError
from handlers.listening import helped
from handlers.turn import Context, Turn, Turns

_log = logging.getLogger(__name__)


async def on_text(turn: Turn, _: Message) -> None:
    await turn.say("text_hint")


async def on_unknown_command(turn: Turn, _: Message) -> None:
    await turn.say("unknown_command")


async def on_voice(turn: Turn, message: Message) -> None:
    """Words that are spoken, as a note or as anything else."""
    if not await helped(turn, message):
        await turn.say("voice_message")


async def on_no_picture(turn: Turn, message: Message) -> None:
    """A sticker, a video, a place: anything without a still picture."""
    if not await helped(turn, message):
        await turn.say("not_a_picture_message")


async def on_unknown_tap(turn: Turn) -> None:
    await turn.say("button_expired")


async def on_nobody(_: Update, __: Context) -> None:
    """Two bots that answer each other would never end; nothing of either is kept."""


@dataclass(frozen=True, kw_only=True)
class FallbackHandlers:
    """What is no person's turn: groups, who comes and goes, and errors."""

    turns: Turns
    absence: UnreachablePeople

    async def on_group(self, update: Update, _: Context) -> None:
        """Skin is nobody else's business: say so once, and leave."""
        chat = update.effective_chat
        if chat is None or chat.type not in (ChatType.GROUP, ChatType.SUPERGROUP):
            return
        with suppress(DeliveryError):  # gone already: either way we are out
            await self.turns.voice.say_and_leave(chat.id, "private_only")

    async def on_membership(self, update: Update, context: Context) -> None:
        """The bot was put into a group or a channel, or somebody blocked it."""
        change = update.my_chat_member
        if change is not None and change.chat.type == ChatType.CHANNEL:
            with suppress(DeliveryError):  # gone already
                await self.turns.voice.leave(change.chat.id)
            return
        if change is not None and change.chat.type == ChatType.PRIVATE:
            if change.new_chat_member.status == ChatMemberStatus.BANNED:
                await self.absence.note(change.chat.id)
            else:
                async with self.turns.of(update):
                    pass  # they are back
            return
        await self.on_group(update, context)

    async def on_error(self, update: object, context: Context) -> None:
        """What went wrong is logged without personal data, and the person gets a kind answer."""
        error = context.error
        if isinstance(error, DeliveryError):
            _log.warning("an answer could not be delivered (permanent: %s)", error.permanent)
            return
        if isinstance(error, PersonGone):
            return  # erased while it went on: nobody is told anything
        _log.error("a handler failed on an update", exc_info=error)
        if not isinstance(update, Update) or update.effective_user is None:
            return
        try:
            async with self.turns.of(update) as turn:
                await turn.say("something_wrong")
        except Exception:  # noqa: BLE001 - the very last line: nothing may come out of it
            _log.exception("the apology for it could not be delivered")
