"""One person addressed in their language: a template's name in, a message on their screen."""

from bot.messenger import Messenger, Shown
from bot.rendering import Rendered, Renderer
from bot.storage.records import PersonRecord


class Voice:
    """Every method raises what `Messenger` raises."""

    def __init__(self, *, messenger: Messenger, renderer: Renderer) -> None:
        self._messenger = messenger
        self._renderer = renderer

    def locale(self, person: PersonRecord) -> str:
        """The language a person chose, or the one their Telegram speaks, or English."""
        return person.locale or self._renderer.locale_for(person.language_code)

    def words(self, person: PersonRecord, name: str, view: object | None = None) -> Rendered:
        return self._renderer.render(name, self.locale(person), view)

    def words_in(self, locale: str, name: str, view: object | None = None) -> Rendered:
        """For whom we know no more of than a language (a group, an admin)."""
        return self._renderer.render(name, locale, view)

    async def say(
        self, person: PersonRecord, name: str, view: object | None = None, *, reply_to: int | None = None
    ) -> int:
        return await self._messenger.say(person.telegram_id, self.words(person, name, view), reply_to=reply_to)

    async def revise(self, person: PersonRecord, message_id: int, name: str, view: object | None = None) -> None:
        await self._messenger.revise(person.telegram_id, message_id, self.words(person, name, view))

    async def turn_picture(
        self, person: PersonRecord, message_id: int, picture: bytes, name: str, view: object | None = None
    ) -> None:
        """A known message, text or picture, becomes this picture."""
        await self._messenger.become_picture(person.telegram_id, message_id, picture, self.words(person, name, view))

    async def turn_caption(self, person: PersonRecord, message_id: int, name: str, view: object | None = None) -> None:
        """A known picture gets other words and buttons."""
        await self._messenger.revise_caption(person.telegram_id, message_id, self.words(person, name, view))

    async def seem_busy(self, person: PersonRecord) -> None:
        await self._messenger.seem_busy(person.telegram_id)

    async def show(self, person: PersonRecord, picture: bytes | str, name: str, view: object | None = None) -> Shown:
        return await self._messenger.show(person.telegram_id, picture, self.words(person, name, view))
