"""An experiment's days by the clock of its person: when its message says something else, and when it is answered."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from bot.diary.experiments.counting import value_of
from bot.diary.experiments.days import answers_on, can_be_answered, next_turn
from bot.skin.analysis import Judged, Provider, Sides
from bot.skin.experiments.plan import PLANS, Design, FaceSide, drawn
from bot.skin.experiments.weeks import Paused
from bot.skin.instrument import Instrument
from bot.skin.measures import Measure, scale_of
from bot.storage.experiments.records import AgreedPlan, ExperimentCourse
from bot.storage.records import ReportRecord, ReportState, ReportSummary

MADRID: Final = ZoneInfo("Europe/Madrid")
MONDAY: Final = date(2026, 3, 2)
NEW_YEAR: Final = datetime(2026, 1, 1, tzinfo=UTC)
GOING_ON: Final = ExperimentCourse()


def plan(judged: Judged = Judged.REDNESS, design: Design = Design.HALF_FACE) -> AgreedPlan:
    offered = next(each for each in PLANS if (each.judged, each.design) == (judged, design))
    return AgreedPlan(
        what="a cream",
        plan=replace(drawn(offered, Random(3)), treated=FaceSide.LEFT if design is Design.HALF_FACE else None),
        began_on=MONDAY,
        mirrored=True,
        instrument=Instrument.named(Provider.LOCAL, None),
        fingerprint="f" * 64,
    )


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MADRID)


def test_a_week_turns_at_midnight_there() -> None:
    """By the person's clock, also over the night on which clocks are changed."""
    for week in range(1, 7):
        turned = next_turn(plan(), GOING_ON, at(MONDAY + timedelta(days=7 * week - 1), 23, 59), MADRID)
        assert turned == at(MONDAY + timedelta(days=7 * week), 0)


def test_the_answer_comes_at_ten_after_the_last_day() -> None:
    """Nobody is woken by it; from then on at any hour."""
    agreed = plan()
    over = MONDAY + timedelta(days=7 * agreed.plan.weeks)
    assert next_turn(agreed, GOING_ON, at(over - timedelta(days=1), 12), MADRID) == at(over, 10)
    assert not can_be_answered(agreed, GOING_ON, at(over, 9, 59), MADRID)
    assert can_be_answered(agreed, GOING_ON, at(over, 10), MADRID)
    assert can_be_answered(agreed, GOING_ON, at(over + timedelta(days=1), 3), MADRID)
    assert answers_on(agreed, GOING_ON, MONDAY) == over


def test_a_pause_moves_the_end_and_turns_nothing() -> None:
    """While it lasts nothing falls due; three days of it are three days later."""
    agreed = plan()
    open_ended = ExperimentCourse(pauses=(Paused(since=MONDAY + timedelta(days=2), until=None),))
    ended = ExperimentCourse(pauses=(Paused(since=MONDAY + timedelta(days=2), until=MONDAY + timedelta(days=5)),))
    assert next_turn(agreed, open_ended, at(MONDAY + timedelta(days=3), 12), MADRID) is None
    assert answers_on(agreed, open_ended, MONDAY + timedelta(days=3)) is None
    assert answers_on(agreed, ended, MONDAY + timedelta(days=6)) == MONDAY + timedelta(days=7 * agreed.plan.weeks + 3)


def report(**summary: object) -> ReportRecord:
    return ReportRecord(
        id=1,
        person_id=1,
        number=1,
        state=ReportState.DELIVERED,
        reason=None,
        requested_at=NEW_YEAR,
        updated_at=NEW_YEAR,
        not_before=None,
        photos=(),
        chosen=None,
        status_message_id=None,
        check_quality=True,
        provider=Provider.LOCAL,
        answer=None,
        red_map=None,
        facts=None,
        summary=ReportSummary(**summary),  # type: ignore[arg-type]  # by name
        annotated_file_id=None,
        redness_file_id=None,
        note=None,
        disputed=frozenset(),
        attempts=0,
    )


@pytest.mark.parametrize("mirrored", [True, False])
@pytest.mark.parametrize("treated", list(FaceSide))
def test_left_and_right_are_the_persons_own(treated: FaceSide, mirrored: bool) -> None:  # noqa: FBT001 - a parameter
    """In a mirror's picture the left cheek is on the left; the treated cheek's value less the other's is counted."""
    agreed = plan()
    agreed = replace(agreed, mirrored=mirrored, plan=replace(agreed.plan, treated=treated))
    on_the_left = (treated is FaceSide.LEFT) == mirrored
    seen = report(sides={Judged.REDNESS: Sides(left=3.0, right=1.0)})
    assert value_of(agreed, seen) == (2.0 if on_the_left else -2.0)


def test_what_is_not_seen_does_not_count() -> None:
    """No cheek is taken for the other, and no face for a cheek."""
    assert value_of(plan(), report(sides={Judged.REDNESS: Sides(left=None, right=1.0)})) is None
    assert value_of(plan(), report()) is None
    assert value_of(plan(design=Design.ON_OFF), report(sides={Judged.REDNESS: Sides(left=1.0, right=1.0)})) is None


def test_the_whole_face_is_judged_week_by_week() -> None:
    """Redness as its reddest part, pimples on the scale on which chance is the same everywhere."""
    assert value_of(plan(design=Design.ON_OFF), report(measures={Measure.REDDEST: 4.5})) == 4.5
    even = scale_of(Measure.ACNE).even
    by_pimples = plan(Judged.PIMPLES, Design.ON_OFF)
    assert value_of(by_pimples, report(measures={Measure.ACNE: 7.0})) == even(7.0)
    halves = plan(Judged.PIMPLES)
    seen = report(sides={Judged.PIMPLES: Sides(left=2.0, right=9.0)})
    assert value_of(halves, seen) == even(2.0) - even(9.0)
