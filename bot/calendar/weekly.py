"""When a weekly reminder is due: wall time in a person's zone, across every change of its clock. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Final

_WEEK: Final = timedelta(days=7)
_QUIET_FROM_HOUR: Final = 22
_QUIET_UNTIL_HOUR: Final = 8
_TROPIC_DEGREES: Final = 23.5


@dataclass(frozen=True, kw_only=True)
class WeeklyTime:
    """`weekday`: Monday is 0. `minute` of the day, as the wall clock counts: 0..1439."""

    weekday: int
    minute: int

    @property
    def wall(self) -> time:
        return time(self.minute // 60, self.minute % 60)

    @property
    def in_quiet_hours(self) -> bool:
        return _is_quiet_hour(self.minute // 60)


def next_occurrence(weekly: WeeklyTime, zone: tzinfo, *, after: datetime) -> datetime:
    """The first UTC time strictly later than `after` at which the clock of `zone` shows that weekday and minute.

    A minute that a change of the clock leaves out comes later by what was left out; one that the clock shows twice
    counts the first time. So there is exactly one in each week.
    """
    local = after.astimezone(zone).date()
    day = local + timedelta(days=(weekly.weekday - local.weekday()) % 7) - _WEEK  # one left out may come a day later
    while (moment := _at(day, weekly.wall, zone)) <= after:
        day += _WEEK
    return moment


def nearest_occurrence(weekly: WeeklyTime, zone: tzinfo, *, to: datetime) -> datetime:
    """The one that a date computed by older rules of the zone meant."""
    later = next_occurrence(weekly, zone, after=to)
    earlier = next_occurrence(weekly, zone, after=later - _WEEK - timedelta(days=2))
    return min(earlier, later, key=lambda moment: abs(moment - to))


def same_time_tomorrow(weekly: WeeklyTime, zone: tzinfo, *, now: datetime) -> datetime:
    return _at(now.astimezone(zone).date() + timedelta(days=1), weekly.wall, zone)


def is_quiet(moment: datetime, zone: tzinfo) -> bool:
    """True from 22 to 8 o'clock."""
    return _is_quiet_hour(moment.astimezone(zone).hour)


def end_of_quiet(moment: datetime, zone: tzinfo) -> datetime:
    """The next 8 o'clock, in UTC."""
    local = moment.astimezone(zone)
    day = local.date() + timedelta(days=local.hour >= _QUIET_UNTIL_HOUR)
    return _at(day, time(_QUIET_UNTIL_HOUR), zone)


class Season(StrEnum):
    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"


def season(day: date, latitude: float | None) -> Season | None:
    """By whole months, as weather services count; None between the tropics and where the latitude is not known."""
    if latitude is None or abs(latitude) < _TROPIC_DEGREES:
        return None
    northern = (Season.WINTER, Season.SPRING, Season.SUMMER, Season.AUTUMN)
    return northern[(day.month % 12 // 3 + (2 if latitude < 0 else 0)) % 4]


def _at(day: date, wall: time, zone: tzinfo) -> datetime:
    """With fold=0 a left-out time is read by the offset before the gap, and a doubled one the first time."""
    return datetime.combine(day, wall, tzinfo=zone).astimezone(UTC)


def _is_quiet_hour(hour: int) -> bool:
    return hour >= _QUIET_FROM_HOUR or hour < _QUIET_UNTIL_HOUR
