"""What an experiment is told to have found: by weeks, once, at the end."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.skin.analysis import Judged
from bot.skin.experiments.answer import (
    Caveat,
    Certainty,
    Counted,
    Course,
    Unfinished,
    answer,
    blocks_of,
    pairs_of,
)
from bot.skin.experiments.plan import Arm, Design, FaceSide, Plan
from bot.skin.measures import Measure, scale_of

W, N = Arm.WITH, Arm.WITHOUT
HALF = Plan(
    design=Design.HALF_FACE,
    judged=Judged.REDNESS,
    treated=FaceSide.LEFT,
    order=(N, N, N, N, W, W, W, W),
    photos_a_week=2,
)
ON_OFF = Plan(
    design=Design.ON_OFF, judged=Judged.REDNESS, treated=None, order=(N, W, W, N, W, N, N, W), photos_a_week=2
)
DONE = Course(weeks_gone=8)
BEGAN = datetime(2026, 11, 30, 8, tzinfo=UTC)
NOISE = (0.3, -0.2, 0.1, -0.4, 0.2, -0.1, 0.4, -0.3)
PLANS = pytest.mark.parametrize("plan", [HALF, ON_OFF])


def photos(plan: Plan, effect: float, *, level: float = 1.0, noise: Sequence[float] = NOISE) -> list[Counted]:
    """Two a week, with this much more in the weeks with it."""
    return [
        Counted(
            week=week,
            when=BEGAN + timedelta(days=7 * week + 5 + photo),
            value=level + noise[week] * (1.5 - photo) + effect * (arm is W),
        )
        for week, arm in enumerate(plan.order)
        for photo in range(2)
    ]


@PLANS
def test_a_great_benefit_is_seen(plan: Plan) -> None:
    told = answer(plan, photos(plan, -3.0), DONE)
    assert told.certainty is Certainty.LIKELY_HELPS
    assert not told.worse
    assert told.interval is not None
    assert told.interval[0] < -3.0 < told.interval[1] < 0
    assert (told.weeks_with, told.weeks_without, told.caveats) == (4, 4, ())


@PLANS
def test_what_makes_it_worse_likely_does_not_help(plan: Plan) -> None:
    told = answer(plan, photos(plan, 3.0), DONE)
    assert (told.certainty, told.worse) == (Certainty.LIKELY_NOT, True)


@PLANS
def test_no_effect_among_steady_photos_is_told(plan: Plan) -> None:
    """A benefit that one would notice is ruled out."""
    told = answer(plan, photos(plan, 0.0, noise=[each / 2 for each in NOISE]), DONE)
    assert (told.certainty, told.worse) == (Certainty.LIKELY_NOT, False)


@PLANS
def test_no_effect_among_restless_photos_is_left_open(plan: Plan) -> None:
    """The benefit that one would notice is no more ruled out than none at all."""
    told = answer(plan, photos(plan, -1.0, noise=[8 * each for each in NOISE]), DONE)
    assert (told.certainty, told.worse) == (Certainty.UNCLEAR, False)


@PLANS
def test_nothing_is_told_before_the_end(plan: Plan) -> None:
    with pytest.raises(Unfinished):
        answer(plan, photos(plan, -3.0), Course(weeks_gone=7))


@PLANS
@given(effect=st.floats(-5, 5), seed=st.integers(0, 99))
def test_the_order_of_photos_does_not_matter(plan: Plan, effect: float, seed: int) -> None:
    counted = photos(plan, effect)
    mixed = random.Random(seed).sample(counted, len(counted))
    assert answer(plan, mixed, DONE) == answer(plan, counted, DONE)


@PLANS
@given(effect=st.floats(-5, 5), more=st.floats(0, 5))
def test_more_in_the_weeks_with_it_is_never_better(plan: Plan, effect: float, more: float) -> None:
    """More is worse: the difference grows by it, and "helps" can only be lost, "worse" only be found."""
    less, most = (answer(plan, photos(plan, each), DONE) for each in (effect, effect + more))
    assert less.difference is not None
    assert most.difference == pytest.approx(less.difference + more)
    assert not (most.certainty is Certainty.LIKELY_HELPS and less.certainty is not Certainty.LIKELY_HELPS)
    assert most.worse or not less.worse


@PLANS
@given(effect=st.floats(-5, 5))
def test_good_and_bad_are_weighed_alike(plan: Plan, effect: float) -> None:
    """Turned upside down the interval is the same upside down."""
    counted = photos(plan, effect)
    told = answer(plan, counted, DONE)
    turned = answer(plan, [replace(photo, value=-photo.value) for photo in counted], DONE)
    assert told.interval is not None
    assert turned.interval is not None
    assert turned.interval == pytest.approx((-told.interval[1], -told.interval[0]))


@PLANS
def test_how_red_somebody_is_by_nature_does_not_matter(plan: Plan) -> None:
    """Only differences count: cheeks that differ from the beginning make no claim."""
    one, other = (answer(plan, photos(plan, -1.0, level=level), DONE) for level in (0.0, 9.0))
    assert one.difference == pytest.approx(other.difference)


def test_a_change_of_everything_is_no_effect_of_weeks_in_pairs() -> None:
    """A change that lasts falls into one pair, or between two."""
    counted = [replace(photo, value=photo.value + 5.0 * (photo.week >= 4)) for photo in photos(ON_OFF, 0.0)]
    assert answer(ON_OFF, counted, DONE).certainty is not Certainty.LIKELY_HELPS
    assert not answer(ON_OFF, counted, DONE).worse


def test_a_week_counts_with_a_third_of_its_photos() -> None:
    counted = [photo for photo in photos(HALF, 0.0) if photo.week != 2][:-1]
    blocks = blocks_of(HALF, counted)
    assert [(block.week, block.photos) for block in blocks] == [(0, 2), (1, 2), (3, 2), (4, 2), (5, 2), (6, 2), (7, 1)]
    assert answer(HALF, counted, DONE).caveats == (Caveat.MISSED_WEEKS,)
    assert blocks_of(replace(HALF, photos_a_week=4), counted)[-1].week == 6


def test_photos_of_a_week_that_only_settles_do_not_count() -> None:
    """Nor is it a week that was missed."""
    slow = replace(HALF, settling=1)
    counted = photos(slow, -2.0)
    told = answer(slow, counted, DONE)
    assert [block.week for block in told.blocks] == [0, 1, 2, 3, 5, 6, 7]
    assert told == answer(slow, [photo for photo in counted if photo.week != 4], DONE)
    assert told.caveats == ()


@given(rise=st.floats(-3, 3))
def test_what_changes_steadily_is_no_effect_of_on_and_off_weeks(rise: float) -> None:
    """A skin that gets better or worse in a straight line leaves the answer as it is."""
    counted = photos(ON_OFF, -1.0)
    risen = [replace(photo, value=photo.value + rise * photo.week) for photo in counted]
    one, other = (answer(ON_OFF, each, DONE) for each in (counted, risen))
    assert other.difference == pytest.approx(one.difference)
    assert other.interval == pytest.approx(one.interval)


def test_cheeks_may_drift_apart_by_themselves() -> None:
    """However well the weeks agree, half a face leaves that much open; the longer it lasts, the more."""
    tight = answer(HALF, photos(HALF, 0.0, noise=[0.0] * 8), DONE)
    late = answer(HALF, [photo for photo in photos(HALF, 0.0, noise=[0.0] * 8) if photo.week not in {3, 4}], DONE)
    assert tight.interval is not None
    assert late.interval is not None
    assert 0.1 < tight.interval[1] < late.interval[1]


@pytest.mark.parametrize("plan", [HALF, ON_OFF])
def test_one_pimple_less_each_week_is_chance(plan: Plan) -> None:
    """Photos of a week see the same pimples: that they agree says nothing about the next week."""
    even = scale_of(Measure.ACNE).even
    counted = [replace(p, value=even(1 - (plan.order[p.week] is W))) for p in photos(plan, 0.0)]
    assert answer(plan, counted, DONE).certainty is Certainty.LIKELY_HELPS
    assert answer(replace(plan, judged=Judged.PIMPLES), counted, DONE).certainty is Certainty.UNCLEAR


def test_a_week_alone_has_no_pair() -> None:
    pairs = pairs_of(blocks_of(ON_OFF, [photo for photo in photos(ON_OFF, 0.0) if photo.week != 2]))
    assert [(without.week, with_it.week) for without, with_it in pairs] == [(0, 1), (5, 4), (6, 7)]


@pytest.mark.parametrize(("plan", "missed"), [(HALF, {4, 5, 6}), (ON_OFF, {0, 3})])
def test_too_few_weeks_make_no_claim(plan: Plan, missed: set[int]) -> None:
    """However much they differ."""
    told = answer(plan, [photo for photo in photos(plan, -50.0) if photo.week not in missed], DONE)
    assert (told.certainty, told.interval, told.worse) == (Certainty.UNCLEAR, None, False)
    assert Caveat.TOO_FEW_WEEKS in told.caveats
    assert not answer(plan, [], DONE).worse


@PLANS
def test_who_ends_early_is_told_less(plan: Plan) -> None:
    """The same six weeks leave more open than the whole, for one may end when it looks well; and it is a caveat."""
    counted = photos(plan, -2.0)
    early = answer(plan, counted, Course(weeks_gone=6, ended_early=True))
    whole = answer(plan, counted, DONE)
    assert early.interval is not None
    assert whole.interval is not None
    assert early.sure > whole.sure
    assert early.interval[0] < whole.interval[0] < whole.interval[1] < early.interval[1]
    assert early.caveats == (Caveat.ENDED_EARLY,)
    assert max(block.week for block in early.blocks) == 5


@PLANS
def test_ended_on_its_last_day_it_is_whole(plan: Plan) -> None:
    assert answer(plan, photos(plan, -2.0), replace(DONE, ended_early=True)) == answer(plan, photos(plan, -2.0), DONE)


def test_what_could_mislead_is_named() -> None:
    course = replace(DONE, paused_weeks=1, other_products=2, light_changes=3)
    assert answer(HALF, photos(HALF, 0.0), course).caveats == (
        Caveat.PAUSED,
        Caveat.LIGHT_CHANGED,
        Caveat.OTHER_PRODUCT,
    )
