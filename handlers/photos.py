"""A selfie comes in, as a photo, as a file, or as an album; and the taps under what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Message, MessageOriginUser, Update

from bot.reports.requests import ReportRequests
from bot.storage.records import IncomingPhoto, PersonRecord
from bot.views.reports import CountView
from handlers.listening import ListeningHandlers
from handlers.turn import Context, Hearing, message_of, tapped_number


@dataclass(frozen=True, kw_only=True)
class PhotoHandlers:
    hearing: Hearing
    listening: ListeningHandlers
    desk: ReportRequests

    async def on_photo(self, update: Update, _: Context) -> None:
        message = message_of(update)
        await self._hand_in(update, message, _photo(message))

    async def on_file(self, update: Update, _: Context) -> None:
        message = message_of(update)
        await self._hand_in(update, message, _file(message))

    async def on_use_anyway(self, update: Update, _: Context) -> None:
        await self._taken_up(update, self.desk.use_anyway)

    async def on_try_again(self, update: Update, _: Context) -> None:
        await self._taken_up(update, self.desk.try_again)

    async def on_cancel(self, update: Update, _: Context) -> None:
        dropped = await self.desk.cancel(await self.hearing.person(update))
        await self.hearing.answer(update, "cancelled" if dropped else "nothing_to_cancel", CountView(count=dropped))

    async def _taken_up(self, update: Update, take_up: Callable[[PersonRecord, int], Awaitable[bool]]) -> None:
        """A photo of before; whoever took their permission back since then is asked for it first."""
        person = await self.hearing.person(update)
        if not self.hearing.people.consents(person):
            await self.hearing.people.ask_consent(person, photo_waiting=False)
        elif not await take_up(person, tapped_number(update)):
            await self.hearing.answer(update, "button_expired")

    async def _hand_in(self, update: Update, message: Message, photo: IncomingPhoto) -> None:
        """A caption that asks for help is answered, and is no note; the photo is read all the same.

        But a picture of ours, which comes back with our marks on it, is no photo of a skin.
        """
        person = await self.hearing.person(update)
        if _is_from(message, update.get_bot().id) or await self.hearing.voice.showed(person, photo.unique_id):
            await self.hearing.answer(update, "own_picture")
            return
        caption = message.caption
        try:
            if await self.listening.on_caption(update):
                caption = None
        finally:
            await self.desk.hand_in(person, photo, album=message.media_group_id, caption=caption)


def photo_in(message: Message) -> IncomingPhoto:
    """Of a message with a photo or a file."""
    return _photo(message) if message.photo else _file(message)


def _is_from(message: Message, bot_id: int) -> bool:
    """Forwarded from that bot. A selfie of somebody else that is forwarded is a selfie."""
    origin = message.forward_origin
    return isinstance(origin, MessageOriginUser) and origin.sender_user.id == bot_id


def _photo(message: Message) -> IncomingPhoto:
    largest = message.photo[-1]
    return IncomingPhoto(
        file_id=largest.file_id,
        unique_id=largest.file_unique_id,
        message_id=message.message_id,
        as_file=False,
        size=largest.file_size,
    )


def _file(message: Message) -> IncomingPhoto:
    document = message.document or message.animation
    if document is None:
        raise ValueError("this route is for files")
    return IncomingPhoto(
        file_id=document.file_id,
        unique_id=document.file_unique_id,
        message_id=message.message_id,
        as_file=True,
        size=document.file_size,
    )
