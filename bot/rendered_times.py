"""Days, clocks, cities and countries in a language's own words: filters for the templates."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time

from babel import Locale
from babel.dates import format_skeleton, format_time, get_day_names, get_timezone_location


def time_filters(locale: Locale) -> Mapping[str, Callable[..., object]]:
    names = get_day_names("wide", context="format", locale=locale)
    short_names = get_day_names("abbreviated", context="format", locale=locale)

    def clock(when: datetime | time | int) -> str:
        """Hours and minutes; a number is the minute of a day."""
        wall = time(when // 60, when % 60) if isinstance(when, int) else when
        return format_time(wall if isinstance(wall, time) else wall.timetz(), "short", locale=locale)

    def weekday(day: int) -> str:
        """Monday is 0."""
        return str(names[day])

    def weekday_clock(when: datetime) -> str:
        return f"{short_names[when.weekday()]} {clock(when)}"

    def day_and_month(when: datetime) -> str:
        """With the weekday, and without the year."""
        return f"{names[when.weekday()]}, {format_skeleton('MMMMd', when, when.tzinfo, locale=locale)}"

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
        "from_first_weekday": from_first_weekday,
        "zone_city": zone_city,
        "country": country,
    }
