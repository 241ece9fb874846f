"""Advice moves on from report to report, and follows what a person says was there before the redness."""

import itertools
from dataclasses import replace

import pytest

from bot.skin.advice import is_one_of, next_step, step_after
from bot.skin.analysis import Redness
from bot.skin.assess import assess
from bot.skin.doctor import MOST_LINES
from bot.skin.question import QuestionAnswer, flagged, is_asked
from bot.skin.report import DoctorNote, Step
from bot.skin.steps import STEPS
from tests.analyses import clear_skin, everything_at_once

RED = replace(clear_skin(), redness=Redness(area=0.34, intensity=40))


@pytest.mark.parametrize("first", [*STEPS.values(), Step.SUN])
def test_no_step_is_repeated_report_after_report(first: Step) -> None:
    """Twelve reports of the same finding: never twice in a row, each one is told before any comes again."""
    told: list[str] = []
    for _ in range(12):
        told.append(next_step(first, told))
    assert told[0] == first
    assert all(one != other for one, other in itertools.pairwise(told))
    ladder = len(set(told))
    assert ladder >= 3
    assert all(told[place] == told[place % ladder] for place in range(12))
    assert all(is_one_of(step, first) for step in told)


def test_a_step_of_another_finding_is_no_reason_to_begin_anew() -> None:
    """What was told of redness meanwhile leaves the steps for pimples where they were."""
    assert next_step(Step.ACNE, ["acne", "redness", "triggers"]) is Step.HANDS_OFF
    assert not is_one_of("redness", Step.ACNE)


def test_an_answer_picks_the_step() -> None:
    """Heat, a razor and a new product each have one; what says nothing of a cause leaves the step."""
    picked = {answer: step_after(answer, Step.REDNESS) for answer in QuestionAnswer}
    assert picked == {
        QuestionAnswer.HEAT: Step.COOL_DOWN,
        QuestionAnswer.SHAVED: Step.SHAVING,
        QuestionAnswer.PRODUCT: Step.NEW_PRODUCT,
        QuestionAnswer.HURTS: Step.REDNESS,
        QuestionAnswer.NONE: Step.REDNESS,
    }


def test_it_is_asked_where_redness_stands_out() -> None:
    """And nowhere else."""
    assert is_asked(assess(RED))
    assert not is_asked(assess(clear_skin()))
    assert not is_asked(assess(RED, disputed=frozenset({"sensitivity"})))


@pytest.mark.parametrize("analysis", [RED, everything_at_once(), clear_skin()])
def test_no_answer_takes_a_doctor_line_away(analysis: object) -> None:
    """What hurts comes first, in a line that says what those on redness say; the others stay, two at most."""
    report = assess(analysis)  # type: ignore[arg-type]  # three analyses
    for answer in set(QuestionAnswer) - {QuestionAnswer.HURTS}:
        assert flagged(report, answer) == report
    doctor = flagged(report, QuestionAnswer.HURTS).doctor
    assert doctor[0] is DoctorNote.REDNESS_HURTS
    assert len(doctor) <= MOST_LINES
    merged = {DoctorNote.REDNESS, DoctorNote.URGENT, DoctorNote.REDNESS_LASTING, DoctorNote.REDNESS_AND_ACNE}
    assert set(report.doctor) - merged <= set(doctor)
