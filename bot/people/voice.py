"""One person addressed in their language: a template's name or its view in, a message on their screen."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, tzinfo
from typing import BinaryIO, Final

from bot.calendar.zones import zone_names, zone_of
from bot.clock import Clock
from bot.rendering.renderer import Rendered, Renderer
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.people.sent_messages import SentMessageRows
from bot.storage.people.shown_pictures import ShownPictureRows
from bot.storage.records import PersonRecord
from bot.telegram.messenger import Messenger, Shown
from bot.views import View

_SEEN: Final = "👀"  # one of the few that Telegram lets bots use

_log = logging.getLogger(__name__)


def clock_of(person: PersonRecord) -> tzinfo:
    """By which they are told when something was or will be: UTC while they did not say where they are."""
    return zone_of(person.time_zone) if person.time_zone in zone_names() else UTC


class Voice:
    """Every method raises what `Messenger` raises. What was said can be taken back for two days."""

    def __init__(
        self, *, messenger: Messenger, renderer: Renderer, said: SentMessageRows, pictures: ShownPictureRows, now: Clock
    ) -> None:
        self._messenger = messenger
        self._renderer = renderer
        self._said = said
        self._pictures = pictures
        self._now = now

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages that it speaks."""
        return self._renderer.locales

    def locale(self, person: PersonRecord) -> str:
        """The language a person chose, or the one their Telegram speaks, or English."""
        return person.locale or self.locale_for(person.language_code)

    def locale_for(self, language_code: str | None) -> str:
        return self._renderer.locale_for(language_code)

    def words(self, person: PersonRecord, what: str | View, view: object | None = None) -> Rendered:
        return self._renderer.render(what, self.locale(person), view, zone=clock_of(person))

    def words_in(self, locale: str, what: str | View, view: object | None = None) -> Rendered:
        """For a group or an admin, of whom only a language is known."""
        return self._renderer.render(what, locale, view)

    async def say(
        self, person: PersonRecord, what: str | View, view: object | None = None, *, reply_to: int | None = None
    ) -> int:
        words = self.words(person, what, view)
        return await self._said_as(person, await self._messenger.say(person.telegram_id, words, reply_to=reply_to))

    async def promise(self, person: PersonRecord, name: str, *, reply_to: int | None = None) -> int:
        """As `say`, for a text that becomes a picture of their face."""
        said = await self._messenger.say(
            person.telegram_id, self.words(person, name), reply_to=reply_to, guarded=person.guards_pictures
        )
        return await self._said_as(person, said)

    async def say_words(self, person: PersonRecord, words: Rendered) -> int:
        """An operator's own words, which are in no template."""
        return await self._said_as(person, await self._messenger.say(person.telegram_id, words))

    async def say_in_lull(self, person: PersonRecord, what: str | View) -> int:
        """Right after `Messenger.lull`."""
        said = await self._messenger.say_in_lull(person.telegram_id, self.words(person, what))
        return await self._said_as(person, said)

    async def say_unkept(self, chat_id: int, locale: str, what: str | View, view: object | None = None) -> None:
        """To somebody of whom nothing is to be kept, not even that something was said."""
        await self._messenger.say(chat_id, self.words_in(locale, what, view))

    async def revise(self, person: PersonRecord, message_id: int, what: str | View, view: object | None = None) -> None:
        await self._messenger.revise(person.telegram_id, message_id, self.words(person, what, view))

    def revise_soon(self, person: PersonRecord, message_id: int, name: str) -> None:
        """A status, shown when there is time for it; never later than what `revise` says."""
        self._messenger.revise_soon(person.telegram_id, message_id, self.words(person, name))

    async def say_and_leave(self, chat_id: int, name: str) -> None:
        """In a group, in English: we know no more of it than its id."""
        await self._messenger.say_and_leave(chat_id, self.words_in("en", name))

    async def leave(self, chat_id: int) -> None:
        await self._messenger.leave(chat_id)

    async def turn_picture(
        self, person: PersonRecord, message_id: int, picture: bytes, what: str | View, view: object | None = None
    ) -> Shown | None:
        """A known message, text or picture, becomes this picture; None when it was that very one."""
        words = self.words(person, what, view)
        shown = await self._messenger.become_picture(person.telegram_id, message_id, picture, words)
        await self.noted(person, shown)
        return shown

    async def become_picture(
        self,
        person: PersonRecord,
        message_id: int,
        picture: bytes,
        words: Rendered,
        *,
        if_wanted: Callable[[], Awaitable[None]],
    ) -> Shown | None:
        """As `turn_picture` with words that are ready, asked before each try; what is shown is not noted yet."""
        return await self._messenger.become_picture(
            person.telegram_id, message_id, picture, words, veiled=person.veils_pictures, if_wanted=if_wanted
        )

    async def turn_caption(
        self, person: PersonRecord, message_id: int, what: str | View, view: object | None = None
    ) -> None:
        """A known picture gets other words and buttons."""
        await self._messenger.revise_caption(person.telegram_id, message_id, self.words(person, what, view))

    def react_soon(self, person: PersonRecord, message_id: int) -> None:
        """On a selfie of theirs: it is here."""
        self._messenger.react_soon(person.telegram_id, message_id, _SEEN)

    async def seem_busy(self, person: PersonRecord, *, with_file: bool = False) -> None:
        await self._messenger.seem_busy(person.telegram_id, with_file=with_file)

    async def show(
        self,
        person: PersonRecord,
        picture: bytes | str,
        what: str | View,
        view: object | None = None,
        *,
        of_face: bool = False,
    ) -> Shown:
        shown = await self._messenger.show(
            person.telegram_id,
            picture,
            self.words(person, what, view),
            veiled=of_face and person.veils_pictures,
            guarded=of_face and person.guards_pictures,
        )
        await self._said_as(person, shown.message_id)
        await self.noted(person, shown)
        return shown

    async def showed(self, person: PersonRecord, unique_id: str) -> bool:
        """Whether a picture that comes in is one of ours. Raises DatabaseUnavailable."""
        return await self._pictures.knows(person.id, unique_id)

    async def noted(self, person: PersonRecord, shown: Shown | None) -> None:
        """A picture of ours is on the screen: it is known again when it is sent back."""
        if shown is None:
            return
        try:
            await self._pictures.note(person.id, shown.unique_id, now=self._now())
        except DatabaseUnavailable:
            _log.warning("a picture was not noted down; sent back, it is taken for a photo")

    async def hand_over(
        self, person: PersonRecord, file: BinaryIO, file_name: str, what: str | View, view: object | None = None
    ) -> int:
        """A file of at most 50 MB with a caption."""
        words = self.words(person, what, view)
        shown = await self._messenger.send_file(person.telegram_id, file, file_name, words)
        return await self._said_as(person, shown.message_id)

    async def put_in_chat(self, person: PersonRecord, file: BinaryIO, file_name: str, what: str) -> Shown:
        """A photo of theirs that came another way: from now on it is theirs there. Raises DeliveryError."""
        words = self.words(person, what)
        guarded = person.guards_pictures
        shown = await self._messenger.send_file(person.telegram_id, file, file_name, words, guarded=guarded)
        await self._said_as(person, shown.message_id)
        return shown

    async def pin(self, person: PersonRecord, message_id: int) -> bool:
        """A known message stands in the head of the chat. False where Telegram does not do it."""
        return await self._messenger.pin(person.telegram_id, message_id)

    async def unpin(self, person: PersonRecord, message_id: int) -> bool:
        return await self._messenger.unpin(person.telegram_id, message_id)

    async def offer_page(self, person: PersonRecord) -> None:
        """The button beside the letters opens the Mini App, and says so in their language. Raises DeliveryError."""
        label = self._renderer.line("menu_button", self.locale(person))
        await self._messenger.offer_page(person.telegram_id, label, f"{self._renderer.webapp_url}/")

    async def offer_commands(self, person: PersonRecord) -> None:
        """It opens the list of commands. Raises DeliveryError."""
        await self._messenger.offer_commands(person.telegram_id)

    async def take_back(self, person: PersonRecord, message_ids: Sequence[int]) -> None:
        await self._messenger.take_back(person.telegram_id, message_ids)

    async def heard(self, person: PersonRecord, message_id: int) -> None:
        """A message of theirs: it is taken back with ours when they have everything erased."""
        await self._said_as(person, message_id)

    async def _said_as(self, person: PersonRecord, message_id: int) -> int:
        try:
            await self._said.note(person.id, message_id, now=self._now())
        except DatabaseUnavailable:
            _log.warning("a message was not noted down; it can't be taken back with the others")
        return message_id
