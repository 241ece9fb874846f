"""People who never were, and the photos of their experiments. docs/experiments.md says where each number comes from.

All is in steps of a*: half face, by how much the treated cheek is redder than the other; on and off weeks, by how much
the reddest twentieth is redder than the face's usual.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from random import Random
from types import MappingProxyType
from typing import Final

from bot.skin.experiments.answer import Counted
from bot.skin.experiments.plan import Arm, Design, Plan
from bot.skin.experiments.weeks import DAYS, photo_days
from bot.skin.measures import Measure, scale_of

PHOTO: Final[Mapping[Design, float]] = MappingProxyType({Design.HALF_FACE: 0.78, Design.ON_OFF: 0.6})
"""One standard deviation of a photo of the same skin: the unit of every effect that is told in sd."""

PEOPLE: Final = 2.01  # so far people differ
ONE_SIDED: Final = 0.2  # of what comes over a face, on one cheek alone
WALK: Final = PEOPLE / math.sqrt(52)  # each week anew: in a year as far as people differ
SLOPE: Final = PEOPLE / 26  # a week, for good: in half a year as far as people differ
FLARE: Final = 1.0  # comes and goes
LASTS: Final = 0.5  # of a flare, from one week to the next
SECOND: Final = 1.0  # another product's effect: one in twenty does more than an eye just sees
NEW_LAMP: Final = (
    0.5  # of all weeks have another lamp than usual, which moves all of its photos as far as one photo does
)
MISSED: Final = 0.25  # of all weeks, and of all photos of the others
LET_THROUGH: Final = 0.05  # of photos with too much side light
SEEN: Final = 0.9  # of the pimples there are, in one photo
STAY: Final = 0.5  # of them into the next week: each lasts for two weeks on average
_BEGAN: Final = datetime(2026, 11, 30, 20, tzinfo=UTC)


class Kind(StrEnum):
    STEADY = "steady"
    DRIFTING = "drifting"
    LAMPS = "lamp changes"
    SIDE_LIGHT = "side light"
    MISSED_WEEKS = "missed weeks"
    CARRY_OVER = "carry-over between weeks"
    SECOND_PRODUCT = "a second product in between"


@dataclass(frozen=True, kw_only=True)
class World:
    """What is assumed. `lasting_lamp`: one that comes in some week and stays, in sd of a photo.

    `photo`: how far photos of the same skin differ, in times of what is believed.
    """

    one_sided: float = ONE_SIDED
    second: float = SECOND
    lasting_lamp: float = 0.0
    photo: float = 1.0

    def on(self, design: Design) -> float:
        """How much of what comes over a face is counted."""
        return self.one_sided if design is Design.HALF_FACE else 1.0


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What the product does, in steps of a*: below zero is better. `lag_days`: until two thirds of it are there."""

    size: float = 0.0
    lag_days: float = 0.0


def lived(plan: Plan, kind: Kind, lot: Random, effect: Effect = Effect(), world: World = World()) -> list[Counted]:
    """The photos that count, in order."""
    weeks = _WEEKS[kind](plan, lot, world)
    if world.lasting_lamp:
        weeks = _added(weeks, _step(plan, lot, world.lasting_lamp * PHOTO[plan.design]))
    by_day = _by_day(plan, effect)
    sent = []
    for week in range(plan.weeks):
        if plan.settles(week) or (kind is Kind.MISSED_WEEKS and lot.random() < MISSED):
            continue
        usual_side = abs(lot.gauss(0, 1))
        for day in photo_days(plan):
            light = _light(kind, lot, usual_side)
            if light is None or (kind is Kind.MISSED_WEEKS and _stays_away(lot, weeks[week])):
                continue
            seen = world.photo * PHOTO[plan.design] * (lot.gauss(0, 1) + light)
            value = weeks[week] + by_day[week * DAYS + day] + seen
            sent.append(Counted(week=week, when=_BEGAN + timedelta(days=week * DAYS + day), value=value))
    return sent


def broken_out(plan: Plan, lot: Random, *, usual: float, left: float) -> list[Counted]:
    """Pimples that come by chance, so many on each cheek, and stay; with the product only that share of new ones comes.

    What is there on a treated cheek needs weeks to go, and where one cheek has more by chance it has more for weeks.
    """
    even = scale_of(Measure.ACNE).even
    half = plan.design is Design.HALF_FACE
    cheeks = [_by_chance(usual, lot), _by_chance(usual, lot)]
    sent = []
    for week, arm in enumerate(plan.order):
        new = usual * (1 - STAY) * (left if arm is Arm.WITH else 1.0)
        comes = (new, usual * (1 - STAY) if half else new)
        cheeks = [_of(there, STAY, lot) + _by_chance(mean, lot) for there, mean in zip(cheeks, comes, strict=True)]
        for day in () if plan.settles(week) else photo_days(plan):
            one, two = (_of(there, SEEN, lot) for there in cheeks)
            value = even(one) - even(two) if half else even(one + two)
            sent.append(Counted(week=week, when=_BEGAN + timedelta(days=week * DAYS + day), value=value))
    return sent


def _of(count: int, share: float, lot: Random) -> int:
    return sum(lot.random() < share for _ in range(count))


def _by_chance(mean: float, lot: Random) -> int:
    """Poisson's number, by Knuth."""
    count, left = 0, lot.random()
    while left > math.exp(-mean):
        count, left = count + 1, left * lot.random()
    return count


def _by_day(plan: Plan, effect: Effect) -> list[float]:
    """How much of the effect is there on each day: it comes and wears off alike."""
    there, days = 0.0, []
    for arm in plan.order:
        aim = effect.size if arm is Arm.WITH else 0.0
        for _ in range(DAYS):
            there = aim + (there - aim) * (math.exp(-1 / effect.lag_days) if effect.lag_days else 0.0)
            days.append(there)
    return days


def _light(kind: Kind, lot: Random, usual_side: float) -> float | None:
    """What side light leaves in a photo, in sd; None where it was refused, and asked for again in vain."""
    if kind is not Kind.SIDE_LIGHT:
        return 0.0
    for _ in range(2):
        strength = usual_side + lot.gauss(0, 0.5)
        if abs(strength) <= 1 or lot.random() < LET_THROUGH:
            return strength
    return None


def _stays_away(lot: Random, skin: float) -> bool:
    """Who looks worse than usual sends fewer photos."""
    return lot.random() < MISSED * (0.5 if skin < 0 else 1.5)


def _none(plan: Plan, _lot: Random, _world: World) -> list[float]:
    return [0.0] * plan.weeks


def _drifting(plan: Plan, lot: Random, world: World) -> list[float]:
    share, slope, at = world.on(plan.design), lot.gauss(0, SLOPE), 0.0
    weeks = []
    for _ in range(plan.weeks):
        at += lot.gauss(0, WALK) + slope
        weeks.append(share * at)
    return weeks


def _lamps(plan: Plan, lot: Random, world: World) -> list[float]:
    moves = world.photo * PHOTO[plan.design]
    return [lot.gauss(0, moves) if lot.random() < NEW_LAMP else 0.0 for _ in range(plan.weeks)]


def _flaring(plan: Plan, lot: Random, world: World) -> list[float]:
    share, flare = world.on(plan.design), lot.gauss(0, FLARE)
    weeks = []
    for _ in range(plan.weeks):
        weeks.append(share * flare)
        flare = LASTS * flare + math.sqrt(1 - LASTS**2) * lot.gauss(0, FLARE)
    return weeks


def _second_product(plan: Plan, lot: Random, world: World) -> list[float]:
    return _step(plan, lot, world.on(plan.design) * world.second)


def _step(plan: Plan, lot: Random, size: float) -> list[float]:
    """From some week on, for good."""
    begins, change = lot.randrange(1, plan.weeks), lot.gauss(0, size)
    return [change if week >= begins else 0.0 for week in range(plan.weeks)]


def _added(one: list[float], other: list[float]) -> list[float]:
    return [first + second for first, second in zip(one, other, strict=True)]


_WEEKS: Final[Mapping[Kind, Callable[[Plan, Random, World], list[float]]]] = MappingProxyType(
    {
        Kind.STEADY: _none,
        Kind.DRIFTING: _drifting,
        Kind.LAMPS: _lamps,
        Kind.SIDE_LIGHT: _none,
        Kind.MISSED_WEEKS: _flaring,
        Kind.CARRY_OVER: _flaring,
        Kind.SECOND_PRODUCT: _second_product,
    }
)
