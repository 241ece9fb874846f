"""/settings: one message, edited in place; its toggles show their state."""

from dataclasses import dataclass

from telegram import Update

from bot.skin.analysis import MarkKind
from bot.storage.records import PersonRecord
from bot.views.person import MarksView, SettingsView
from handlers.turn import Context, Hearing, query_of


@dataclass(frozen=True, kw_only=True)
class SettingsHandlers:
    hearing: Hearing
    languages: tuple[str, ...]

    async def on_settings(self, update: Update, _: Context) -> None:
        await self.hearing.answer(update, "settings", self.view(await self.hearing.person(update)))

    async def on_opened(self, update: Update, _: Context) -> None:
        """By a button: the message under it becomes the settings."""
        await self._show(update, await self.hearing.person(update))

    async def on_skin_age(self, update: Update, _: Context) -> None:
        await self._show(update, await self.hearing.people.toggle_skin_age(await self.hearing.person(update)))

    async def on_quiet(self, update: Update, _: Context) -> None:
        await self._show(update, await self.hearing.people.toggle_quiet(await self.hearing.person(update)))

    async def on_pictures(self, update: Update, _: Context) -> None:
        await self._show(update, await self.hearing.people.toggle_pictures(await self.hearing.person(update)))

    async def on_sharing(self, update: Update, _: Context) -> None:
        """Where photos are read is asked, with what each answer means."""
        person = await self.hearing.person(update)
        await self.hearing.turn_page(update, "sharing", self.hearing.people.notice(person))

    async def on_share(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        wanted = _chosen(update) == "yes"
        await self._show(update, await self.hearing.people.choose_sharing(person, wanted=wanted))

    async def on_language(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        chosen = _chosen(update)
        if chosen in self.languages:
            person = await self.hearing.people.choose_language(person, chosen)
        await self._show(update, person)

    async def on_marks(self, update: Update, _: Context) -> None:
        await self._show_marks(update, await self.hearing.person(update))

    async def on_mark(self, update: Update, _: Context) -> None:
        person = await self.hearing.person(update)
        if _chosen(update) in set(MarkKind):
            person = await self.hearing.people.toggle_mark(person, MarkKind(_chosen(update)))
        await self._show_marks(update, person)

    def view(self, person: PersonRecord) -> SettingsView:
        return self.hearing.people.settings(person)

    async def _show(self, update: Update, person: PersonRecord) -> None:
        await self.hearing.turn_page(update, "settings", self.view(person))

    async def _show_marks(self, update: Update, person: PersonRecord) -> None:
        kinds = tuple((kind, kind not in person.hidden_marks) for kind in MarkKind)
        await self.hearing.turn_page(update, "settings_marks", MarksView(kinds=kinds))


def _chosen(update: Update) -> str:
    return (query_of(update).data or "").rpartition(":")[2]
