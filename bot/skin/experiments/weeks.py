"""Where an experiment stands on a day: its own weeks, which stand still while it is paused, and what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.skin.experiments.plan import Arm, Design, FaceSide, Plan

DAYS: Final = 7


@dataclass(frozen=True, kw_only=True)
class Paused:
    """From that day on, until the day on which it goes on again; None while it does not."""

    since: date
    until: date | None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`week`: from 0. `day`: of that week, 0..6. `side`: where the product goes on that day; None where nowhere.

    With on and off weeks `side` is always None: `arm` says all. `settles`: no photo of this week counts.
    """

    week: int
    day: int
    arm: Arm
    side: FaceSide | None
    settles: bool


def days_gone(began_on: date, today: date, pauses: Sequence[Paused]) -> int:
    """Whole days of the experiment before today, without the paused ones; negative before it begins."""
    if today < began_on:
        return (today - began_on).days
    days = range((today - began_on).days)
    return sum(not _is_paused(began_on + timedelta(days=day), pauses) for day in days)


def stands(plan: Plan, began_on: date, today: date, pauses: Sequence[Paused] = ()) -> Standing | None:
    """None before it begins, while it is paused, and when it is over."""
    gone = days_gone(began_on, today, pauses)
    if gone < 0 or gone >= plan.weeks * DAYS or _is_paused(today, pauses):
        return None
    week, day = divmod(gone, DAYS)
    arm = plan.order[week]
    treats = plan.design is Design.HALF_FACE and arm is Arm.WITH
    side = plan.treated if treats else None
    return Standing(week=week, day=day, arm=arm, side=side, settles=plan.settles(week))


def is_over(plan: Plan, began_on: date, today: date, pauses: Sequence[Paused] = ()) -> bool:
    """Whether its last day has passed: now it can be judged."""
    return days_gone(began_on, today, pauses) >= plan.weeks * DAYS


def weeks_gone(plan: Plan, began_on: date, today: date, pauses: Sequence[Paused] = ()) -> int:
    """Whole weeks that have passed; at most those of the plan."""
    return min(plan.weeks, max(0, days_gone(began_on, today, pauses)) // DAYS)


def weeks_paused(began_on: date, today: date, pauses: Sequence[Paused]) -> int:
    """How many weeks, begun ones counted, it stood still until today."""
    if today <= began_on:
        return 0
    still = (today - began_on).days - days_gone(began_on, today, pauses)
    return -(-still // DAYS)


def photo_days(plan: Plan) -> tuple[int, ...]:
    """The days of each week, from 0, on which its photos are due: the last ones.

    By then what was done in the week before has worn off the most, and what is done in this one shows the most.
    """
    return tuple(range(DAYS - plan.photos_a_week, DAYS))


def _is_paused(day: date, pauses: Sequence[Paused]) -> bool:
    return any(pause.since <= day and (pause.until is None or day < pause.until) for pause in pauses)
