"""One care tip a week: which one, by the season where it is known. Pure; the words stand in components/tips.html.j2."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from bot.calendar.weekly import Season


class Tip(StrEnum):
    """Each has its sentence and its source in the template."""

    REAPPLY = "reapply"
    SHADE = "shade"
    CLOUDS = "clouds"
    SUNGLASSES = "sunglasses"
    SHORT_WASH = "short_wash"
    HUMIDIFIER = "humidifier"
    MOISTURISE_AT_ONCE = "moisturise_at_once"
    WINTER_SUN = "winter_sun"
    HANDS_OFF = "hands_off"
    PATIENCE = "patience"
    AFTER_SPORT = "after_sport"
    MAKE_UP_OFF = "make_up_off"
    HAIR = "hair"
    SLEEP = "sleep"
    LABEL = "label"
    KEEP_IT_SIMPLE = "keep_it_simple"
    NO_SCRUB = "no_scrub"
    TRIGGERS = "triggers"
    LUKEWARM = "lukewarm"
    OILY_TOO = "oily_too"


_ALWAYS: Final = (
    Tip.HANDS_OFF,
    Tip.PATIENCE,
    Tip.MAKE_UP_OFF,
    Tip.SLEEP,
    Tip.LABEL,
    Tip.KEEP_IT_SIMPLE,
    Tip.NO_SCRUB,
    Tip.AFTER_SPORT,
    Tip.HAIR,
    Tip.TRIGGERS,
    Tip.LUKEWARM,
    Tip.OILY_TOO,
)
_SEASONAL: Final[Mapping[Season | None, tuple[Tip, ...]]] = {
    Season.SPRING: (Tip.CLOUDS, Tip.SUNGLASSES, Tip.SHADE),
    Season.SUMMER: (Tip.REAPPLY, Tip.SHADE, Tip.SUNGLASSES, Tip.CLOUDS),
    Season.AUTUMN: (Tip.MOISTURISE_AT_ONCE, Tip.CLOUDS),
    Season.WINTER: (Tip.SHORT_WASH, Tip.HUMIDIFIER, Tip.WINTER_SUN, Tip.MOISTURISE_AT_ONCE),
    None: (Tip.CLOUDS, Tip.SHADE),
}


def tip_of_the_week(day: date, season: Season | None, *, person_id: int) -> Tip:
    """The same all week, another one next week; every second one belongs to the season."""
    week = (day.toordinal() - 1) // 7 + person_id
    kind = _SEASONAL[season] if week % 2 else _ALWAYS
    return kind[week // 2 % len(kind)]
