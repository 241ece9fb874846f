"""An experiment's days, by the clock of its person: what is due today, and when something changes next. Pure."""

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from bot.skin.experiments.weeks import DAYS, Standing, is_over, stands, weeks_gone
from bot.storage.experiments.records import AgreedPlan, ExperimentCourse

_ANSWER_AT: Final = time(10)  # nobody is woken by it


def standing(agreed: AgreedPlan, course: ExperimentCourse, today: date) -> Standing | None:
    """None while it is paused, and when its last day has passed."""
    return stands(agreed.plan, agreed.began_on, today, course.pauses)


def whole_weeks(agreed: AgreedPlan, course: ExperimentCourse, today: date) -> int:
    return weeks_gone(agreed.plan, agreed.began_on, today, course.pauses)


def answers_on(agreed: AgreedPlan, course: ExperimentCourse, today: date) -> date | None:
    """The day of the answer, if it is not paused (again); None while it is."""
    now = standing(agreed, course, today)
    if now is not None:
        return today + timedelta(days=(agreed.plan.weeks - now.week) * DAYS - now.day)
    return today if is_over(agreed.plan, agreed.began_on, today, course.pauses) else None


def can_be_answered(agreed: AgreedPlan, course: ExperimentCourse, now: datetime, zone: tzinfo) -> bool:
    """Its last day has passed, and it is no longer early in the morning."""
    here = now.astimezone(zone)
    over = is_over(agreed.plan, agreed.began_on, here.date(), course.pauses)
    yesterday = is_over(agreed.plan, agreed.began_on, here.date() - timedelta(days=1), course.pauses)
    return over and (yesterday or here.time() >= _ANSWER_AT)


def next_turn(agreed: AgreedPlan, course: ExperimentCourse, now: datetime, zone: tzinfo) -> datetime | None:
    """When its message says something else by itself: a new week begins, or the answer comes. None while paused."""
    today = now.astimezone(zone).date()
    here = standing(agreed, course, today)
    if here is None:
        over = is_over(agreed.plan, agreed.began_on, today, course.pauses)
        return _at(today, _ANSWER_AT, zone) if over else None
    turns_on = today + timedelta(days=DAYS - here.day)
    last = here.week + 1 >= agreed.plan.weeks
    return _at(turns_on, _ANSWER_AT if last else time(), zone)


def _at(day: date, wall: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, wall, zone)
