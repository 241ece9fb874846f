"""Reminders, wired: what sends them, what sets them, and the time zones they go by."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.calendar.cities import Cities
from bot.clock import Clock
from bot.people.wiring import PeopleParts
from bot.reminders.recalling import Recalling
from bot.reminders.sending import Planned, ReminderSending
from bot.reminders.setting import ReminderSetting
from bot.reminders.time_zones import TimeZones
from bot.storage import Store
from bot.storage.records import PersonRecord
from bot.views.reports import PastLines


@dataclass(frozen=True, kw_only=True)
class ReminderParts:
    sending: ReminderSending
    setting: ReminderSetting
    time_zones: TimeZones


def wire_reminders(
    *,
    store: Store,
    people: PeopleParts,
    latest_lines: Callable[[PersonRecord], Awaitable[PastLines]],
    planned: Planned,
    now: Clock,
) -> ReminderParts:
    """`latest_lines`: what a person's newest report says of the past; `planned`: how their experiment stands."""
    cities = Cities()
    sending = ReminderSending(
        rows=store.reminders,
        messenger=people.messenger,
        voice=people.voice,
        cities=cities,
        recall=Recalling(reports=store.reports, people=people.people, lines=latest_lines).last_line,
        planned=planned,
        now=now,
    )
    setting = ReminderSetting(
        rows=store.reminders, reports=store.reports, voice=people.voice, wake=sending.wake, now=now
    )
    return ReminderParts(
        sending=sending, setting=setting, time_zones=TimeZones(rows=store.reminders, cities=cities, now=now)
    )
