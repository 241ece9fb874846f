"""Use case: a person sets, snoozes, skips and stops their reminder; the bot suggests one, once."""

import logging
from collections.abc import Callable
from typing import Final

from bot.calendar.weekly import WeeklyTime
from bot.calendar.zones import rules, zone_names, zone_of
from bot.clock import Clock
from bot.people.voice import Voice
from bot.reminders.dates import next_week, tomorrow
from bot.storage.records import PersonGone, PersonRecord
from bot.storage.reminders import NextDate, ReminderRecord, ReminderRows, ReminderState
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import DeliveryError
from bot.views.reminders import HourView, ReminderOfferView, ReminderSetView, ReminderView

_log = logging.getLogger(__name__)

_DAY_HOURS: Final = tuple(range(8, 22))
_NIGHT_HOURS: Final = (22, 23, *range(8))
_SUGGESTED_AFTER: Final = 2  # reports


class ReminderSetting:
    def __init__(
        self, *, rows: ReminderRows, reports: ReportRows, voice: Voice, wake: Callable[[], None], now: Clock
    ) -> None:
        self._rows = rows
        self._reports = reports
        self._voice = voice
        self._wake = wake
        self._now = now

    async def overview(self, person: PersonRecord) -> ReminderView:
        reminder = await self._rows.of(person.id)
        zone = _zone(person)
        next_date = reminder.next_date if reminder else None
        return ReminderView(
            state=reminder.state if reminder else ReminderState.OFF,
            weekly=reminder.weekly if reminder else None,
            zone=zone,
            next_at=next_date.occurs_at if next_date else None,
            asks_feelings=person.asks_feelings,
            asks_eyes=person.asks_eyes,
        )

    def hours(self, weekday: int, *, quiet: bool) -> HourView:
        return HourView(weekday=weekday, hours=_NIGHT_HOURS if quiet else _DAY_HOURS, quiet=quiet)

    async def choose(self, person: PersonRecord, weekday: int, minute: int) -> ReminderSetView | None:
        """It is on from now on; None when the time zone is asked for first. Raises ValueError, PersonGone."""
        if not (0 <= weekday < 7 and 0 <= minute < 1440 and minute % 15 == 0):
            raise ValueError("no such time is offered")
        return await self._set(person, WeeklyTime(weekday=weekday, minute=minute))

    async def go_on(self, person: PersonRecord) -> tuple[bool, ReminderSetView | None]:
        """On again at the time that was chosen once: (whether there is one, the view unless the zone is missing)."""
        reminder = await self._rows.of(person.id)
        if reminder is None or reminder.weekly is None:
            return False, None
        return True, await self._set(person, reminder.weekly)

    async def stop(self, person: PersonRecord) -> None:
        await self._rows.switch_off(person.id)

    async def answered(self, person: PersonRecord) -> None:
        """A tap on a reminder shows that it is read."""
        await self._rows.answer(person.id)

    async def snooze(self, person: PersonRecord) -> ReminderSetView | None:
        """Once more tomorrow, at the same time of day. None when no reminder is on."""
        return await self._put(person, tomorrow_of=True)

    async def skip(self, person: PersonRecord) -> ReminderSetView | None:
        """Nothing more before next week's. None when no reminder is on."""
        return await self._put(person, tomorrow_of=False)

    async def welcome_back(self, person: PersonRecord) -> None:
        """Who could not be reached is here again: their reminder goes on, and they are told once. Not worth failing
        for.
        """
        reminder, zone = await self._rows.of(person.id), _zone(person)
        if reminder is None or reminder.state is not ReminderState.UNREACHABLE or reminder.weekly is None:
            return
        if zone is None:
            return
        date = self._date(reminder.weekly, zone, person.id, snoozed=False)
        if await self._rows.come_back(person.id, date):
            try:
                await self._voice.say(person, "reminder_back", self._shown(reminder.weekly, zone, date))
            except DeliveryError:
                _log.info("a reminder is on again, and nobody could be told")

    async def suggest(self, person: PersonRecord) -> None:
        """After the second report, once in a life: reminders exist. Not worth failing for."""
        await self.welcome_back(person)
        if await self._rows.knows_of_them(person.id) or await self._reports.count(person.id) < _SUGGESTED_AFTER:
            return
        try:
            if await self._rows.suggest_once(person.id, now=self._now()):
                await self._voice.say(person, ReminderOfferView())
        except (DeliveryError, PersonGone):
            _log.info("the offer of reminders could not be delivered")

    async def _set(self, person: PersonRecord, weekly: WeeklyTime) -> ReminderSetView | None:
        zone = _zone(person)
        if zone is None:
            await self._rows.choose(person.id, weekly, None)
            return None
        date = next_week(weekly, zone_of(zone), person.id, rules=rules(), after=self._now())
        await self._rows.choose(person.id, weekly, date)
        return self._shown(weekly, zone, date)

    async def _put(self, person: PersonRecord, *, tomorrow_of: bool) -> ReminderSetView | None:
        reminder, zone = await self._rows.of(person.id), _zone(person)
        if reminder is None or reminder.weekly is None or zone is None:
            return None
        date = self._date(reminder.weekly, zone, person.id, snoozed=tomorrow_of)
        if not await self._rows.answer(person.id, date):
            return None
        return self._shown(reminder.weekly, zone, date)

    def _date(self, weekly: WeeklyTime, zone: str, person_id: int, *, snoozed: bool) -> NextDate:
        now, clock = self._now(), zone_of(zone)
        if snoozed:
            return tomorrow(weekly, clock, person_id, rules=rules(), now=now)
        return next_week(weekly, clock, person_id, rules=rules(), after=now)

    def _shown(self, weekly: WeeklyTime, zone: str, date: NextDate) -> ReminderSetView:
        self._wake()
        return ReminderSetView(weekly=weekly, zone=zone, next_at=date.occurs_at)

    def shown(self, reminder: ReminderRecord, zone: str) -> ReminderSetView | None:
        """A reminder that a time zone has just switched on."""
        if reminder.weekly is None or reminder.next_date is None:
            return None
        return self._shown(reminder.weekly, zone, reminder.next_date)


def _zone(person: PersonRecord) -> str | None:
    return person.time_zone if person.time_zone in zone_names() else None
