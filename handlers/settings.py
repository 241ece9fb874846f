"""/settings: one message, edited in place; its toggles show their state."""

from dataclasses import dataclass, replace

from bot.people.consent import People
from bot.people.menu_button import MenuButton
from bot.reminders.setting import ReminderSetting
from bot.skin.analysis import MarkKind
from bot.storage.records import PersonRecord
from bot.views.person import MarksView, SettingsView
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class SettingsHandlers:
    """What a person wants to be otherwise."""

    people: People
    setting: ReminderSetting
    menu_button: MenuButton

    async def on_settings(self, turn: Turn) -> None:
        await turn.say(await self._view(turn.person))

    async def on_opened(self, turn: Turn) -> None:
        """By a button: the message under it becomes the settings."""
        await self._show(turn, turn.person)

    async def on_skin_age(self, turn: Turn) -> None:
        await self._show(turn, await self.people.toggle_skin_age(turn.person))

    async def on_quiet(self, turn: Turn) -> None:
        await self._show(turn, await self.people.toggle_quiet(turn.person))

    async def on_feelings(self, turn: Turn) -> None:
        await self._show(turn, await self.people.ask_feelings(turn.person, wanted=not turn.person.asks_feelings))

    async def on_pictures(self, turn: Turn) -> None:
        await _show_pictures(turn, self.people, await self.people.toggle_pictures(turn.person))

    async def on_picture_choices(self, turn: Turn) -> None:
        await _show_pictures(turn, self.people, turn.person)

    async def on_veil(self, turn: Turn) -> None:
        await _show_pictures(turn, self.people, await self.people.toggle_veil(turn.person))

    async def on_guard(self, turn: Turn) -> None:
        await _show_pictures(turn, self.people, await self.people.toggle_guard(turn.person))

    async def on_sharing(self, turn: Turn) -> None:
        """Where photos are read is asked, with what each answer means."""
        await turn.show("sharing", self.people.notice(turn.person))

    async def on_share(self, turn: Turn) -> None:
        await self._show(turn, await self.people.choose_sharing(turn.person, wanted=True))

    async def on_share_no_more(self, turn: Turn) -> None:
        await self._show(turn, await self.people.choose_sharing(turn.person, wanted=False))

    async def on_language(self, turn: Turn, locale: str) -> None:
        person = await self.people.choose_language(turn.person, locale)
        await self._show(turn, person)
        await self.menu_button.keep(person)

    async def on_marks(self, turn: Turn) -> None:
        await self._show_marks(turn, turn.person)

    async def on_mark(self, turn: Turn, kind: str) -> None:
        """A kind that is none changes nothing."""
        known = kind in set(MarkKind)
        person = await self.people.toggle_mark(turn.person, MarkKind(kind)) if known else turn.person
        await self._show_marks(turn, person)

    async def _show(self, turn: Turn, person: PersonRecord) -> None:
        """In the language that is theirs by now."""
        await replace(turn, person=person).show(await self._view(person))

    async def _view(self, person: PersonRecord) -> SettingsView:
        return replace(self.people.settings(person), reminder=await self.setting.overview(person))

    async def _show_marks(self, turn: Turn, person: PersonRecord) -> None:
        offered = self.people.mark_kinds(person)
        kinds = tuple((kind, kind not in person.hidden_marks) for kind in MarkKind if kind in offered)
        await turn.show(MarksView(kinds=kinds))


async def _show_pictures(turn: Turn, people: People, person: PersonRecord) -> None:
    await turn.show(people.pictures(person))
