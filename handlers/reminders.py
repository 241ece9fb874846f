"""/reminders, its screens, and the taps under a reminder."""

from dataclasses import dataclass

from telegram import Update

from bot.reminders.setting import ReminderSetting
from bot.reminders.time_zones import TimeZones
from bot.views.reminders import ReminderDayView, ReminderSetView
from handlers.turn import Context, Hearing, query_of, tapped_number


@dataclass(frozen=True, kw_only=True)
class ReminderHandlers:
    hearing: Hearing
    setting: ReminderSetting
    zones: TimeZones

    async def on_reminders(self, update: Update, _: Context) -> None:
        view = await self.setting.overview(await self.hearing.person(update))
        await self.hearing.answer(update, "reminders", view)

    async def on_overview(self, update: Update, _: Context) -> None:
        view = await self.setting.overview(await self.hearing.person(update))
        await self.hearing.turn_page(update, "reminders", view)

    async def on_choose_day(self, update: Update, _: Context) -> None:
        await self.hearing.turn_page(update, "reminder_day", ReminderDayView())

    async def on_day(self, update: Update, _: Context) -> None:
        await self.hearing.turn_page(update, "reminder_hour", self.setting.hours(tapped_number(update), quiet=False))

    async def on_night(self, update: Update, _: Context) -> None:
        await self.hearing.turn_page(update, "reminder_hour", self.setting.hours(tapped_number(update), quiet=True))

    async def on_hour(self, update: Update, context: Context) -> None:
        view = self.setting.minutes(*_tapped_pair(update))
        if view is None:
            await self.on_overview(update, context)
            return
        await self.hearing.turn_page(update, "reminder_minute", view)

    async def on_time(self, update: Update, context: Context) -> None:
        person = await self.hearing.person(update)
        try:
            chosen = await self.setting.choose(person, *_tapped_pair(update))
        except ValueError:  # a forged time: nothing is set
            await self.on_overview(update, context)
            return
        await self._set_or_ask(update, chosen)

    async def on_go_on(self, update: Update, context: Context) -> None:
        known, chosen = await self.setting.go_on(await self.hearing.person(update))
        if known:
            await self._set_or_ask(update, chosen)
        else:
            await self.on_choose_day(update, context)

    async def on_stop(self, update: Update, _: Context) -> None:
        await self.setting.stop(await self.hearing.person(update))
        await self.hearing.turn_page(update, "reminder_stopped")

    async def on_decline(self, update: Update, _: Context) -> None:
        await self.hearing.turn_page(update, "reminder_declined")

    async def on_scan(self, update: Update, _: Context) -> None:
        await self.setting.answered(await self.hearing.person(update))
        await self.hearing.answer(update, "reminder_scan")

    async def on_tomorrow(self, update: Update, context: Context) -> None:
        put = await self.setting.snooze(await self.hearing.person(update))
        await self._confirm(update, context, "reminder_tomorrow", put)

    async def on_skip(self, update: Update, context: Context) -> None:
        put = await self.setting.skip(await self.hearing.person(update))
        await self._confirm(update, context, "reminder_skipped", put)

    async def _confirm(self, update: Update, context: Context, name: str, put: ReminderSetView | None) -> None:
        """A reminder that is off, whatever its old messages offer, is shown as it is."""
        if put is None:
            await self.on_overview(update, context)
        else:
            await self.hearing.turn_page(update, name, put)

    async def _set_or_ask(self, update: Update, chosen: ReminderSetView | None) -> None:
        if chosen is not None:
            await self.hearing.turn_page(update, "reminder_set", chosen)
            return
        view = await self.zones.ask(await self.hearing.person(update))
        await self.hearing.turn_page(update, "zone", view)


def _tapped_pair(update: Update) -> tuple[int, int]:
    """The two numbers at the end of a button's data."""
    first, second = (query_of(update).data or "").split(":")[-2:]
    return int(first), int(second)
