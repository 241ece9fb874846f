"""/reminders, its screens, and the taps under a reminder."""

from dataclasses import dataclass

from bot.reminders.setting import ReminderSetting
from bot.reminders.time_zones import TimeZones
from bot.views.reminders import ReminderDayView, ReminderSetView
from handlers.turn import Turn


@dataclass(frozen=True, kw_only=True)
class ReminderHandlers:
    """When a person wants to be reminded."""

    setting: ReminderSetting
    zones: TimeZones

    async def on_reminders(self, turn: Turn) -> None:
        await turn.say(await self.setting.overview(turn.person))

    async def on_overview(self, turn: Turn) -> None:
        await turn.show(await self.setting.overview(turn.person))

    async def on_choose_day(self, turn: Turn) -> None:
        await turn.show(ReminderDayView())

    async def on_day(self, turn: Turn, weekday: int) -> None:
        await turn.show(self.setting.hours(weekday, quiet=False))

    async def on_night(self, turn: Turn, weekday: int) -> None:
        await turn.show(self.setting.hours(weekday, quiet=True))

    async def on_hour(self, turn: Turn, weekday: int, hour: int) -> None:
        await self.on_time(turn, weekday, hour * 60)

    async def on_time(self, turn: Turn, weekday: int, minute: int) -> None:
        try:
            chosen = await self.setting.choose(turn.person, weekday, minute)
        except ValueError:  # a forged time: nothing is set
            await self.on_overview(turn)
            return
        await self._set_or_ask(turn, chosen)

    async def on_go_on(self, turn: Turn) -> None:
        known, chosen = await self.setting.go_on(turn.person)
        if known:
            await self._set_or_ask(turn, chosen)
        else:
            await self.on_choose_day(turn)

    async def on_stop(self, turn: Turn) -> None:
        await self.setting.stop(turn.person)
        await turn.show("reminder_stopped")

    async def on_decline(self, turn: Turn) -> None:
        await turn.show("reminder_declined")

    async def on_scan(self, turn: Turn) -> None:
        await self.setting.answered(turn.person)
        await turn.say("reminder_scan")

    async def on_tomorrow(self, turn: Turn) -> None:
        await self._confirm(turn, "reminder_tomorrow", await self.setting.snooze(turn.person))

    async def on_skip(self, turn: Turn) -> None:
        await self._confirm(turn, "reminder_skipped", await self.setting.skip(turn.person))

    async def _confirm(self, turn: Turn, name: str, put: ReminderSetView | None) -> None:
        """A reminder that is off, whatever its old messages offer, is shown as it is."""
        if put is None:
            await self.on_overview(turn)
        else:
            await turn.show(name, put)

    async def _set_or_ask(self, turn: Turn, chosen: ReminderSetView | None) -> None:
        if chosen is not None:
            await turn.show("reminder_set", chosen)
        else:
            await turn.show("zone", await self.zones.ask(turn.person))
