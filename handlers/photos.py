"""A selfie comes in, as a photo, as a file, or as an album; and the taps under what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Message, MessageOriginUser

from bot.diary.experiments.planning import ExperimentPlanning
from bot.diary.products import Products
from bot.people.consent import People
from bot.reminders.time_zones import TimeZones
from bot.reports.history import ReportHistory
from bot.reports.requests import ReportRequests
from bot.storage.records import IncomingPhoto, PersonRecord
from bot.views.reports import CountView
from handlers.listening import helped
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class PhotoHandlers:
    """Selfies on their way to a report."""

    people: People
    desk: ReportRequests
    past: ReportHistory
    zones: TimeZones
    planning: ExperimentPlanning
    products: Products

    async def on_photo(self, turn: Turn, message: Message) -> None:
        await self._hand_in(turn, message, _photo(message))

    async def on_file(self, turn: Turn, message: Message) -> None:
        await self._hand_in(turn, message, _file(message))

    async def on_use_anyway(self, turn: Turn, number: int) -> None:
        await self._taken_up(turn, number, self.desk.use_anyway)

    async def on_try_again(self, turn: Turn, number: int) -> None:
        await self._taken_up(turn, number, self.desk.try_again)

    async def on_read_here(self, turn: Turn, number: int) -> None:
        await self._taken_up(turn, number, self.desk.read_here)

    async def on_cancel(self, turn: Turn) -> None:
        """Whatever waits: photos, measuring again, an experiment's plan, the questions for a city and for a name."""
        dropped, repeated = await self.desk.cancel(turn.person), await self.past.drop_repeat(turn.person)
        ended = {
            "experiment_discarded": await self.planning.discard(turn.person),
            "product_canceled": await self.products.stop_asking(turn.person),
            "zone_canceled": await self.zones.stop_asking(turn.person),
        }
        if any(ended.values()) and not (dropped or repeated):
            await turn.say(next(name for name, done in ended.items() if done))
            return
        otherwise = "repeat_ended" if repeated else "nothing_to_cancel"
        await turn.say("cancelled" if dropped else otherwise, CountView(count=dropped))

    async def _taken_up(self, turn: Turn, number: int, take_up: Callable[[PersonRecord, int], Awaitable[bool]]) -> None:
        """A photo of before; whoever took their permission back since then is asked for it first."""
        if not self.people.consents(turn.person):
            await self.people.ask_consent(turn.person, photo_waiting=False)
        elif not await take_up(turn.person, number):
            await turn.say("button_expired")

    async def _hand_in(self, turn: Turn, message: Message, photo: IncomingPhoto) -> None:
        """A caption that asks for help is answered, and is no note; the photo is read all the same.

        But a picture of ours, which comes back with our marks on it, is no photo of a skin.
        """
        if _is_ours(message) or await turn.voice.showed(turn.person, photo.unique_id):
            await turn.say("own_picture")
            return
        caption = message.caption
        try:
            if await helped(turn, message):
                caption = None
        finally:
            await self.desk.hand_in(turn.person, photo, album=message.media_group_id, caption=caption)


def photo_in(message: Message) -> IncomingPhoto:
    """Of a message with a photo or a file."""
    return _photo(message) if message.photo else _file(message)


def _is_ours(message: Message) -> bool:
    """Forwarded from this bot. A selfie of somebody else that is forwarded is a selfie."""
    origin = message.forward_origin
    return isinstance(origin, MessageOriginUser) and origin.sender_user.id == message.get_bot().id


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
