"""The time zone: asked for by a city, a place, or a clock; the same screens for /settings and /reminders."""

from dataclasses import dataclass

from telegram import Update

from bot.calendar.zones import ZoneUnknown
from bot.reminders.setting import ReminderSetting
from bot.reminders.time_zones import TimeZones
from bot.views.reminders import MatchesView
from handlers.turn import Context, Handle, Hearing, message_of, query_of, tapped_number


@dataclass(frozen=True, kw_only=True)
class TimeZoneHandlers:
    """`other_text`: what a text is that does not answer our question."""

    hearing: Hearing
    zones: TimeZones
    setting: ReminderSetting
    other_text: Handle

    async def on_zone(self, update: Update, _: Context) -> None:
        view = await self.zones.ask(await self.hearing.person(update))
        await self.hearing.turn_page(update, "zone", view)

    async def on_text(self, update: Update, context: Context) -> None:
        message = message_of(update)
        asked = await self.zones.is_asked(await self.hearing.person(update))
        if not asked or message.reply_to_message is not None:
            await self.other_text(update, context)
            return
        found = await self.zones.search(message.text or "")
        await self._offer(update, found)

    async def on_location(self, update: Update, _: Context) -> None:
        location = message_of(update).location
        if location is None:
            raise ValueError("this route is for places")
        city = await self.zones.near(location.latitude, location.longitude)
        await self._choose(update, city.zone, new_message=True)

    async def on_clock(self, update: Update, _: Context) -> None:
        await self.hearing.turn_page(update, "zone_clocks", await self.zones.clocks())

    async def on_offset(self, update: Update, context: Context) -> None:
        view = await self.zones.groups(tapped_number(update))
        if view is None:
            await self.on_zone(update, context)
            return
        await self.hearing.turn_page(update, "zone_groups", view)

    async def on_choose(self, update: Update, context: Context) -> None:
        try:
            await self._choose(update, (query_of(update).data or "").removeprefix("zone:set:"), new_message=False)
        except ZoneUnknown:  # forged, or of a version that knew more
            await self.on_zone(update, context)

    async def _offer(self, update: Update, found: MatchesView) -> None:
        await self.hearing.answer(update, "zone_matches" if found.matches else "zone_unknown", found)

    async def _choose(self, update: Update, zone: str, *, new_message: bool) -> None:
        show = self.hearing.answer if new_message else self.hearing.turn_page
        person = await self.hearing.person(update)
        view, reminder = await self.zones.choose(person, zone)
        reminder_view = self.setting.shown(reminder, zone) if reminder else None
        if reminder_view is None:
            await show(update, "zone_set", view)
        else:
            await show(update, "reminder_set", reminder_view)
