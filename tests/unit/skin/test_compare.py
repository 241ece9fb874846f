"""Two reports: what differs by more than photos do is told, the rest is said to be within noise."""

import random
from dataclasses import replace

import pytest

from bot.skin.compare import Beside, Change, beside, compare, whole_span
from bot.skin.measures import Measure, scale_of
from bot.skin.scene import Differs
from bot.skin.trend import Noise, noise_of, visits_of
from tests.progressing import scene, snapshot
from tests.unit.skin.test_trend import poisson, weekly

BELIEVED = {measure: noise_of([], scale_of(measure)) for measure in Measure}


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (0, 12, Change.NEW),
        (12, 0, Change.GONE),
        (3, 20, Change.MORE),
        (20, 3, Change.FEWER),
        (0, 1, Change.STEADY),
        (5, 8, Change.STEADY),
        (0, 0, Change.STEADY),
    ],
)
def test_pimples_of_two_reports(before: float, after: float, change: Change) -> None:
    """One more or less is noise, even when there was none before."""
    told = compare(snapshot(1, acne=before), snapshot(2, acne=after), BELIEVED)
    assert [each.change for each in told.differences] == [change]


def test_a_person_whose_photos_vary_much_is_told_less() -> None:
    """The same two counts: a change for one person, noise for another."""
    calm, restless = (Noise(spread=spread, freedom=20) for spread in (1.0, 3.0))
    pair = snapshot(1, acne=3), snapshot(2, acne=20)
    assert compare(*pair, {Measure.ACNE: calm}).changes
    assert compare(*pair, {Measure.ACNE: restless}).changes == ()


def test_only_what_both_reports_have_is_compared() -> None:
    """Changes come first; what is in neither of the two photos is not told at all."""
    before = snapshot(1, acne=2, lines=0, sensitivity=0.02, blackhead=1)
    after = snapshot(2, acne=3, lines=0, sensitivity=0.30, pores=2)
    told = compare(before, after, BELIEVED)
    assert [each.measure for each in told.differences] == [Measure.SENSITIVITY, Measure.ACNE, Measure.LINES]
    assert [each.measure for each in told.steady] == [Measure.ACNE]


def test_conditions_are_compared_first() -> None:
    """Unknown ones are neither alike nor different."""
    before, after = snapshot(1, acne=2), snapshot(2, acne=2)
    assert compare(before, after, BELIEVED).differs == frozenset()
    turned = replace(after, scene=scene(turned=True))
    assert compare(before, turned, BELIEVED).differs == frozenset({Differs.POSE})
    assert compare(before, replace(after, scene=None), BELIEVED).differs is None


def test_the_whole_span_compares() -> None:
    """The newest report that compares with an earlier one, beside the first of those; without any, the two newest."""
    first, second, third = (snapshot(number, acne=1) for number in (1, 2, 3))
    turned = replace(second, scene=scene(turned=True))
    unknown = replace(third, scene=None)
    assert whole_span([first, turned, third]) == (first, third)
    assert whole_span([turned, second, third]) == (second, third)
    assert whole_span([first, second, unknown]) == (first, second)
    assert whole_span([first, turned, unknown]) == (turned, unknown)
    assert whole_span([first]) is None


def test_what_may_stand_beside_a_report() -> None:
    """The first, one of about a month ago and the last that compare; each once, and none that is later."""
    weeks = [snapshot(number, acne=1) for number in range(1, 12)]
    assert {which: each.number for which, each in beside(weeks, weeks[-1]).items()} == {
        Beside.FIRST: 1,
        Beside.A_MONTH_AGO: 7,
        Beside.LAST: 10,
    }
    assert {which: each.number for which, each in beside(weeks, weeks[1]).items()} == {Beside.FIRST: 1}
    assert beside(weeks, weeks[0]) == {}
    assert beside([replace(weeks[0], scene=scene(turned=True))], weeks[1]) == {}


def test_pure_noise_is_hardly_ever_told_as_a_difference() -> None:
    """Five measures of two photos, with the noise of ten others: something is told in at most 5 % of runs."""
    claimed, runs = 0, 400
    counted = (Measure.ACNE, Measure.CLOSED_COMEDONES, Measure.SKIN_SPOT)
    for run in range(runs):
        chances = random.Random(run)
        photos = [{each: float(poisson(chances, 6)) for each in counted} for _ in range(12)]
        for photo in photos:
            photo |= {
                Measure.SENSITIVITY: chances.gauss(0.3, 0.03),
                Measure.SENSITIVITY_INTENSITY: chances.gauss(40, 6),
            }
        noise = {
            each: noise_of(visits_of(weekly([photo[each] for photo in photos[:10]]), scale_of(each)), scale_of(each))
            for each in photos[0]
        }
        one, other = (replace(snapshot(number), measures=photos[number]) for number in (10, 11))
        claimed += bool(compare(one, other, noise).changes)
    print(f"\ntwo photos of pure noise, five measures: a difference is told in {claimed / runs:.1%} of runs")  # noqa: T201
    assert claimed / runs <= 0.05
