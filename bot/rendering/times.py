"""Days, clocks, cities and countries in a language's own words: filters for the templates."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time
from typing import Literal

from babel import Locale
from babel.dates import format_datetime, format_time, get_day_names, get_timezone_location
from markupsafe import Markup

from bot.rendering.zone import here


def time_filters(locale: Locale) -> Mapping[str, Callable[..., object]]:
    day_pattern = _written_out(locale)

    def clock(when: datetime | time | int) -> str:
        """Hours and minutes; a number is the minute of a day."""
        wall = time(when // 60, when % 60) if isinstance(when, int) else when
        return format_time(wall if isinstance(wall, time) else here(wall).time(), "short", locale=locale)

    def weekday(day: int) -> str:
        """Monday is 0."""
        return _day_name(day, locale)

    def weekday_clock(when: datetime) -> str:
        return f"{_day_name(here(when).weekday(), locale, 'abbreviated')} {clock(when)}"

    def day_and_month(when: datetime) -> str:
        """With the weekday, and without the year."""
        return str(format_datetime(here(when).replace(tzinfo=None), day_pattern, locale=locale))

    def moment(text: str, when: datetime) -> Markup:
        """A date or time that is told: whoever taps it sees it by their own clock, and can put it into a calendar."""
        return Markup('<tg-time unix="{}">{}</tg-time>').format(int(when.timestamp()), text)

    def from_first_weekday(days: Iterable[int]) -> list[int]:
        """As calendars of the language begin their weeks."""
        return sorted(days, key=lambda day: (day - locale.first_week_day) % 7)

    def zone_city(zone: str) -> str:
        """What a time zone is called after; one without a city keeps its name."""
        if "/" not in zone or zone.startswith("Etc/"):
            return zone.removeprefix("Etc/")
        return str(get_timezone_location(zone, locale=locale, return_city=True)).rpartition("/")[2]

    def country(code: str) -> str:
        return str(locale.territories.get(code, code))

    return {
        "clock": clock,
        "weekday": weekday,
        "weekday_clock": weekday_clock,
        "day_and_month": day_and_month,
        "moment": moment,
        "from_first_weekday": from_first_weekday,
        "zone_city": zone_city,
        "country": country,
    }


def _written_out(locale: Locale) -> str:
    """The language's order of weekday, day and month, with whole words, as CLDR says to widen a skeleton's fields."""
    skeletons = locale.datetime_skeletons
    wanted = next(name for name in ("MMMMEEEEd", "MMMMEd", "MMMEd") if name in skeletons)
    return re.sub(
        r"E+|c+", lambda field: field[0][0] * 4, re.sub(r"([ML])\1{2,}", r"\1\1\1\1", skeletons[wanted].pattern)
    )


def _day_name(day: int, locale: Locale, width: Literal["wide", "abbreviated"] = "wide") -> str:
    return str(get_day_names(width, context="format", locale=locale)[day])
