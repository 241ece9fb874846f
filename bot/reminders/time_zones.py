"""Use case: a person's time zone, by a city's name, by a place, or by what their clock shows."""

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from bot.calendar.cities import Cities, City
from bot.calendar.zones import ZoneUnknown, changes_clock, offset_of, rules, same_clocks, zone_names, zone_of
from bot.clock import Clock
from bot.reminders.dates import next_week
from bot.storage.records import PersonRecord
from bot.storage.reminders import NextDate, ReminderRecord, ReminderRows, ReminderState
from bot.views.reminders import ClockChoice, ClocksView, GroupsView, MatchesView, PlaceMatch, SameClock, ZoneView

_ASKED_FOR: Final = timedelta(hours=1)
_MATCHES: Final = 5
_GROUPS: Final = 8
_CITIES_OF_A_GROUP: Final = 3
_MOVED_TO_NEXT: Final = timedelta(days=1)  # who moves on the day of a reminder gets no second one that day


class TimeZones:
    def __init__(self, *, rows: ReminderRows, cities: Cities, now: Clock) -> None:
        self._rows = rows
        self._cities = cities
        self._now = now

    async def ask(self, person: PersonRecord) -> ZoneView:
        """The question for the zone: a text within the next hour is taken for a city's name."""
        await self._rows.ask_zone(person.id, now=self._now())
        reminder = await self._rows.of(person.id)
        return self._view(person.time_zone, reminder.state if reminder else ReminderState.OFF)

    async def is_asked(self, person: PersonRecord) -> bool:
        return await self._rows.zone_asked(person.id, since=self._now() - _ASKED_FOR, now=self._now())

    async def stop_asking(self, person: PersonRecord) -> bool:
        """A text is no city any more; False when none was asked for."""
        return await self._rows.drop_zone_question(person.id, since=self._now() - _ASKED_FOR)

    async def search(self, text: str) -> MatchesView:
        """Up to five cities of that name, or the zone of that very name."""
        query = text.strip()
        named = [name for name in zone_names() if name.casefold() == query.casefold()]
        found = await asyncio.to_thread(self._cities.search, query, most=_MATCHES)
        direct = [self._match(name, "", name) for name in named]
        names = Counter((city.name, city.country) for city in found)
        cities = [
            self._match(city.name, city.country, city.zone, city.region if names[city.name, city.country] > 1 else "")
            for city in found
        ]
        return MatchesView(query=query, matches=tuple((*direct, *cities)[:_MATCHES]))

    async def is_city(self, text: str) -> bool:
        """Whether it is the name of one, and of nothing less."""
        return await asyncio.to_thread(self._cities.is_name, text)

    async def near(self, latitude: float, longitude: float) -> City:
        """The place itself is not kept."""
        return await asyncio.to_thread(self._cities.nearest, latitude, longitude)

    async def clocks(self) -> ClocksView:
        """Every time that some clock on earth shows now, where people live."""
        now = self._now()
        zones = await asyncio.to_thread(self._cities.zones)
        offsets = sorted({_minutes(offset_of(zone, now)) for zone in zones})
        return ClocksView(
            clocks=tuple(
                ClockChoice(offset=offset, local=(now + timedelta(minutes=offset)).replace(tzinfo=None))
                for offset in offsets
            )
        )

    async def groups(self, offset: int) -> GroupsView | None:
        """Zones whose clock shows that now, by what it will show; None for a time that no clock shows."""
        return await asyncio.to_thread(self._groups, offset)

    def _groups(self, offset: int) -> GroupsView | None:
        now = self._now()
        fitting = [zone for zone in self._cities.zones() if _minutes(offset_of(zone, now)) == offset]
        if not fitting:
            return None
        groups = tuple(
            SameClock(zone=zones[0], zones=tuple(zones[:_CITIES_OF_A_GROUP]), changes=changes_clock(zones[0], now))
            for zones in same_clocks(fitting, now)[:_GROUPS]
        )
        return GroupsView(local=(now + timedelta(minutes=offset)).replace(tzinfo=None), groups=groups)

    async def choose(self, person: PersonRecord, zone: str) -> tuple[ZoneView, ReminderRecord | None]:
        """Keep the zone; a reminder moves with it, and one that waited for it is on. Raises ZoneUnknown, PersonGone."""
        if zone not in zone_names():
            raise ZoneUnknown
        before = await self._rows.of(person.id)
        await self._rows.move(person.id, zone, self._moved(before, zone))
        waited = before is not None and before.state is ReminderState.WAITING
        after = await self._rows.of(person.id) if waited else None
        return self._view(zone), after

    def _moved(self, reminder: ReminderRecord | None, zone: str) -> NextDate | None:
        """The next date by the clock of that zone, when the reminder is on or waits for it."""
        if reminder is None or reminder.weekly is None:
            return None
        if reminder.state not in (ReminderState.ON, ReminderState.WAITING):
            return None
        now = self._now()
        after = max(now, reminder.sent_at + _MOVED_TO_NEXT) if reminder.sent_at else now
        return next_week(reminder.weekly, zone_of(zone), reminder.person_id, rules=rules(), after=after)

    def _view(self, zone: str | None, state: ReminderState = ReminderState.OFF) -> ZoneView:
        known = zone if zone in zone_names() else None
        return ZoneView(
            zone=known,
            local=self._local(known) if known else None,
            has_reminder=state in (ReminderState.ON, ReminderState.WAITING),
            waiting=state is ReminderState.WAITING,
        )

    def _match(self, name: str, country: str, zone: str, region: str = "") -> PlaceMatch:
        return PlaceMatch(name=name, region=region, country=country, zone=zone, local=self._local(zone))

    def _local(self, zone: str) -> datetime:
        """What a clock there shows."""
        return self._now().astimezone(zone_of(zone)).replace(tzinfo=None)


def _minutes(offset: timedelta) -> int:
    return offset // timedelta(minutes=1)
