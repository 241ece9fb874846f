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

    def revise_soon(self, person: PersonRecord, message_id: int, name: str) -> None:
        """A status, shown when there is time for it; never later than what `revise` says."""
        self._messenger.revise_soon(person.telegram_id, message_id, self.words(person, name))

    async def say_and_leave(self, chat_id: int, name: str) -> None:
        """In a group, in English: we know no more of it than its id."""
        await self._messenger.say_and_leave(chat_id, self.words_in("en", name))

    async def show(self, person: PersonRecord, picture: bytes | str, name: str, view: object | None = None) -> Shown:
        return await self._messenger.show(person.telegram_id, picture, self.words(person, name, view))
