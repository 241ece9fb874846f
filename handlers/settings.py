"""/settings: one message, edited in place; its toggles show their state."""

from dataclasses import dataclass

from telegram import Update

from bot.storage.records import PersonRecord
from bot.views import SettingsView
from handlers.hearing import Context, Hearing, query_of


@dataclass(frozen=True, kw_only=True)
class Settings:
    hearing: Hearing
    languages: tuple[str, ...]

    async def on_settings(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "settings", self._view(await self.hearing.person(update)))

    async def on_skin_age(self, update: Update, _: Context) -> None:
        person = await self.hearing.people.toggle_skin_age(await self.hearing.person(update))
        await self.hearing.turn_page(update, "settings", self._view(person))

    async def on_language(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        chosen = (query_of(update).data or "").rpartition(":")[2]
        if chosen in self.languages:
            person = await self.hearing.people.choose_language(person, chosen)
        await self.hearing.turn_page(update, "settings", self._view(person))

    def _view(self, person: PersonRecord) -> SettingsView:
        return SettingsView(
            locale=self.hearing.voice.locale(person), languages=self.languages, show_skin_age=person.show_skin_age
        )
