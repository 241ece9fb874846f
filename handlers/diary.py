"""How the skin feels: the weekly question, two taps that answer it, and one that ends it."""

from dataclasses import dataclass

from bot.diary.feelings import Feelings
from bot.people.consent import People
from bot.reminders.setting import ReminderSetting
from bot.skin.feelings import Feeling
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class DiaryHandlers:
    """What somebody tells of their skin is about their health: nothing of it is kept without their permission."""

    people: People
    feelings: Feelings
    setting: ReminderSetting

    async def on_feel(self, turn: Turn) -> None:
        """By a button that leads to it: what stood above the button stays."""
        if await self._may_tell(turn):
            await turn.say(self.feelings.question(turn.person))

    async def on_again(self, turn: Turn) -> None:
        await turn.show(self.feelings.question(turn.person))

    async def on_feeling(self, turn: Turn, key: str) -> None:
        if key in set(Feeling):
            await turn.show(self.feelings.level(turn.person, Feeling(key)))
        else:
            await self.on_again(turn)

    async def on_level(self, turn: Turn, key: str, level: int) -> None:
        """What is forged keeps nothing."""
        if key not in set(Feeling):
            await self.on_again(turn)
            return
        if not await self._may_tell(turn):
            return
        try:
            await turn.show(await self.feelings.tell(turn.person, Feeling(key), level))
        except ValueError:
            await self.on_feeling(turn, key)

    async def on_none(self, turn: Turn) -> None:
        if await self._may_tell(turn):
            await turn.show(await self.feelings.tell_none(turn.person))

    async def on_eyes(self, turn: Turn) -> None:
        """Said once, they are asked about from now on."""
        person = await self.people.ask_about_eyes(turn.person, wanted=True)
        await turn.show(self.feelings.level(person, Feeling.EYES))

    async def on_off(self, turn: Turn) -> None:
        await self.people.ask_feelings(turn.person, wanted=False)
        await turn.show("feelings_off")

    async def on_forget(self, turn: Turn) -> None:
        await turn.show("feelings_confirm")

    async def on_forget_yes(self, turn: Turn) -> None:
        await self.feelings.forget(turn.person)
        await turn.show("feelings_deleted")

    async def on_toggle(self, turn: Turn) -> None:
        """Under the reminder's own screen."""
        person = await self.people.ask_feelings(turn.person, wanted=not turn.person.asks_feelings)
        await turn.show(await self.setting.overview(person))

    async def on_toggle_eyes(self, turn: Turn) -> None:
        person = await self.people.ask_about_eyes(turn.person, wanted=not turn.person.asks_eyes)
        await turn.show(await self.setting.overview(person))

    async def _may_tell(self, turn: Turn) -> bool:
        """Whoever took their permission back is asked for it first."""
        if self.people.consents(turn.person):
            return True
        await self.people.ask_consent(turn.person, photo_waiting=False)
        return False
