"""An experiment has weeks of its own: they begin on its first day, and stand still while it is paused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.skin.analysis import Judged
from bot.skin.experiments.plan import Arm, Design, FaceSide, Plan
from bot.skin.experiments.weeks import (
    Paused,
    is_over,
    photo_days,
    stands,
    weeks_gone,
    weeks_paused,
)

BEGAN = date(2026, 3, 25)  # summer time begins in between: days are days
PLAN = Plan(
    design=Design.HALF_FACE,
    judged=Judged.REDNESS,
    treated=FaceSide.RIGHT,
    order=(Arm.WITHOUT, Arm.WITHOUT, Arm.WITH, Arm.WITH),
    photos_a_week=3,
)
PAUSE = Paused(since=BEGAN + timedelta(days=9), until=BEGAN + timedelta(days=13))


def on(day: int) -> date:
    return BEGAN + timedelta(days=day)


def week(day: int, *pauses: Paused) -> int | None:
    standing = stands(PLAN, BEGAN, on(day), pauses)
    return None if standing is None else standing.week


@pytest.mark.parametrize(("day", "expected"), [(-1, None), (0, 0), (6, 0), (7, 1), (27, 3), (28, None), (400, None)])
def test_a_week_has_seven_days(day: int, expected: int | None) -> None:
    assert week(day) == expected


def test_a_pause_moves_the_end() -> None:
    """Four days off: no week counts in them, and all that comes later comes four days later."""
    assert [week(day, PAUSE) for day in (8, 9, 12, 13, 17, 18)] == [1, None, None, 1, 1, 2]
    assert not is_over(PLAN, BEGAN, on(31), [PAUSE])
    assert is_over(PLAN, BEGAN, on(32), [PAUSE])
    assert weeks_paused(BEGAN, on(32), [PAUSE]) == 1
    assert weeks_paused(BEGAN, on(9), [PAUSE]) == 0


def test_a_pause_without_an_end_stops_the_clock() -> None:
    pauses = [Paused(since=on(10), until=None)]
    assert stands(PLAN, BEGAN, on(100), pauses) is None
    assert not is_over(PLAN, BEGAN, on(100), pauses)
    assert weeks_gone(PLAN, BEGAN, on(100), pauses) == 1
    assert weeks_paused(BEGAN, on(100), pauses) == 13


def test_pauses_that_overlap_count_once() -> None:
    twice = [PAUSE, Paused(since=on(10), until=on(12))]
    assert week(18, *twice) == week(18, PAUSE) == 2


def test_whole_weeks_that_have_passed() -> None:
    assert [weeks_gone(PLAN, BEGAN, on(day)) for day in (-5, 0, 6, 7, 27, 28, 90)] == [0, 0, 0, 1, 3, 4, 4]


def test_the_cheek_of_today() -> None:
    """None in the weeks before it; then always the one that was drawn."""
    told = [stands(PLAN, BEGAN, on(day)) for day in (0, 14)]
    assert [(each.arm, each.side, each.day) for each in told if each] == [
        (Arm.WITHOUT, None, 0),
        (Arm.WITH, FaceSide.RIGHT, 0),
    ]


def test_photos_are_due_late_in_the_week() -> None:
    """One on each of its last days."""
    assert photo_days(PLAN) == (4, 5, 6)


def test_the_first_week_of_a_slow_product_settles() -> None:
    """It is used, and no photo of that week counts."""
    slow = replace(PLAN, settling=1)
    told = [stands(slow, BEGAN, on(day)) for day in (13, 20, 27)]
    assert [(each.side, each.settles) for each in told if each] == [
        (None, False),
        (FaceSide.RIGHT, True),
        (FaceSide.RIGHT, False),
    ]
