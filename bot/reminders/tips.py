"""One care tip a week: which one, by the season where it is known. Pure; the words stand in components/tips.html.j2."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Final

from bot.calendar.weekly import Season
from bot.views.reminders import Recalled


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
    KEEP_ON = "keep_on"


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


_FOR: Final[Mapping[str, tuple[Tip, ...]]] = {
    "acne": (Tip.HANDS_OFF, Tip.HAIR, Tip.LABEL, Tip.MAKE_UP_OFF, Tip.AFTER_SPORT, Tip.PATIENCE),
    "closed_comedones": (Tip.LABEL, Tip.HAIR, Tip.NO_SCRUB, Tip.PATIENCE),
    "blackhead": (Tip.LABEL, Tip.NO_SCRUB, Tip.MAKE_UP_OFF),
    "sensitivity": (Tip.TRIGGERS, Tip.LUKEWARM, Tip.NO_SCRUB),
    "red_spots": (Tip.LUKEWARM, Tip.NO_SCRUB, Tip.HANDS_OFF),
    "skin_spot": (Tip.SHADE, Tip.REAPPLY, Tip.HANDS_OFF),
    "dark_spots": (Tip.SHADE, Tip.REAPPLY),
    "pores": (Tip.LABEL, Tip.CLOUDS),
    "eye_pouch": (Tip.SLEEP, Tip.MAKE_UP_OFF),
    "dark_circle": (Tip.SLEEP, Tip.SUNGLASSES),
    "lines": (Tip.SUNGLASSES, Tip.SHADE),
}


def tip_of_the_week(day: date, season: Season | None, *, person_id: int, theirs: Recalled | None = None) -> Tip:
    """The same all week, another one next week; every second one belongs to the season.

    The others follow what stood out in their last report and what became of it, and don't repeat its step.
    """
    week = (day.toordinal() - 1) // 7 + person_id
    kind = _SEASONAL[season] if week % 2 else _own(theirs) or _ALWAYS
    told = theirs.step if theirs is not None else None
    left = tuple(tip for tip in kind if tip != told) or kind
    return left[week // 2 % len(left)]


def _own(theirs: Recalled | None) -> tuple[Tip, ...]:
    if theirs is None:
        return ()
    better = theirs.story is not None and theirs.story.story.sure and theirs.story.story.less
    fitting = dict.fromkeys(tip for key in theirs.watch for tip in _FOR.get(key, ()))
    return (*((Tip.KEEP_ON,) if better else ()), *fitting)
