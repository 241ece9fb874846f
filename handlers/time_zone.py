"""The time zone: asked for by a city, a place, or a clock; the same screens for /settings and /reminders."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Message

from bot.calendar.zones import ZoneUnknown
from bot.listening import is_question
from bot.reminders.setting import ReminderSetting
from bot.reminders.time_zones import TimeZones
from handlers import fallbacks
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class TimeZoneHandlers:
    """Where a person lives, as far as their clock is concerned."""

    zones: TimeZones
    setting: ReminderSetting

    async def on_zone(self, turn: Turn) -> None:
        await turn.show("zone", await self.zones.ask(turn.person))

    async def on_text(self, turn: Turn, message: Message) -> None:
        """A city's name, when that was asked for; a question is none, and else it is only a text."""
        asked = await self.zones.is_asked(turn.person)
        if not asked or message.reply_to_message is not None:
            await fallbacks.on_text(turn, message)
            return
        found = await self.zones.search(message.text or "")
        if not found.matches and is_question(message.text or ""):
            await fallbacks.on_text(turn, message)
        else:
            await turn.say("zone_matches" if found.matches else "zone_unknown", found)

    async def on_location(self, turn: Turn, message: Message) -> None:
        location = message.location
        if location is None:
            raise ValueError("this route is for places")
        city = await self.zones.near(location.latitude, location.longitude)
        await turn.say("zone_place_heard")
        await self._choose(turn, city.zone, Turn.say)

    async def on_place(self, turn: Turn) -> None:
        """A key that sends the place stands where the letters are, which no message can do that is there already."""
        await turn.say("zone_place")

    async def on_clock(self, turn: Turn) -> None:
        await turn.show(await self.zones.clocks())

    async def on_offset(self, turn: Turn, minutes: int) -> None:
        view = await self.zones.groups(minutes)
        if view is None:
            await self.on_zone(turn)
        else:
            await turn.show(view)

    async def on_choose(self, turn: Turn, zone: str) -> None:
        try:
            await self._choose(turn, zone, Turn.show)
        except ZoneUnknown:  # forged, or of a version that knew more
            await self.on_zone(turn)

    async def _choose(self, turn: Turn, zone: str, answer: Callable[[Turn, str, object], Awaitable[None]]) -> None:
        """From here on they are told the time as it is there."""
        view, reminder = await self.zones.choose(turn.person, zone)
        there = replace(turn, person=replace(turn.person, time_zone=zone))
        reminder_view = self.setting.shown(reminder, zone) if reminder else None
        if reminder_view is None:
            await answer(there, "zone_set", view)
        else:
            await answer(there, "reminder_set", reminder_view)
