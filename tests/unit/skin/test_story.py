"""The story so far is told when the trend's own rule says so, as not sure when it is nearly so, and else not at all."""

import random
from dataclasses import replace
from typing import Final

import pytest

from bot.skin.measures import Measure
from bot.skin.scene import Differs
from bot.skin.story import Story, celebrates, since_start, story_of
from tests.unit.skin.test_trend import PEOPLE, START, ever_claimed, weekly

RUNS: Final = 120
FADING: Final = [14, 13, 12, 11, 10, 9, 7, 6, 5, 4, 3, 2]


def story(values: list[float], *, among: int = 1) -> Story | None:
    return since_start(Measure.ACNE, weekly(values), among=among)


def test_twelve_weeks_of_getting_better_are_told() -> None:
    """From the first photo to the newest; also while the newest photos stay where they came to."""
    told = story([float(each) for each in FADING])
    assert told is not None
    assert (told.sure, told.less, round(told.before), round(told.lately)) == (True, True, 14, 2)
    assert told.since == START
    later = story([*FADING, 2, 3, 2, 2, 3, 2, 2, 2])
    assert later is not None
    assert (later.sure, round(later.lately)) == (True, 2)


def test_what_was_told_stays_told_until_it_is_not_so_any_more() -> None:
    """Week after week, whatever single photos do; nothing is told of it once it has come back halfway."""
    values = [14.0, 13, 12, 4, 3, 2, 2, 3, 2, 2, 3, 2]
    told = [story(values[:count], among=6) for count in range(6, 13)]
    assert all(each is not None and each.sure and each.less for each in told)
    back = story([14, 13, 14, 13, 3, 2, 3, 2, 2, 13, 14, 13, 14], among=6)
    assert back is None or not back.sure


def test_what_is_nearly_so_is_told_as_not_sure() -> None:
    """4 to 0 within ten weeks: an eye sees that they are fewer. Also where it is the newest photo alone."""
    for values in ([4, 3, 4, 3, 4, 1, 1, 1, 0, 0], [14, 13, 14, 13, 3]):
        told = story([float(each) for each in values], among=6)
        assert told is not None
        assert (told.sure, told.less) == (False, True)


@pytest.mark.parametrize("values", [[], [9, 1], [3, 4, 3], [6, 5, 7, 6, 5, 6, 7, 6], [0, 0, 0, 0]])
def test_no_clear_change_is_no_story(values: list[float]) -> None:
    """Nor are two photos, however far apart they are."""
    assert story(values) is None


def test_a_glaring_change_is_told_before_the_eighth_photo() -> None:
    """As by the trend; of three photos none is sure."""
    for values, sure in (([40, 41, 4], False), ([40, 41, 40, 4, 5], True)):
        told = story([float(each) for each in values])
        assert told is not None
        assert (told.sure, told.less) == (sure, True)


def test_single_photos_that_say_something_else_give_way_to_the_level() -> None:
    """The first photo had by chance as many as the newest."""
    told = story([2, 14, 13, 12, 14, 12, 13, 12, 3, 2, 3, 2])
    assert told is not None
    assert (told.less, round(told.before), round(told.lately)) == (True, 11, 2)


def test_the_clearest_is_told_and_sure_before_unsure() -> None:
    """Of all measures that have anything at all."""
    fading = weekly([float(each) for each in FADING])
    unsure = weekly([4, 3, 4, 3, 4, 1, 1, 1, 0, 0])
    told = story_of({Measure.BLACKHEAD: [], Measure.CLOSED_COMEDONES: unsure, Measure.ACNE: fading})
    assert told is not None
    assert told.measure is Measure.ACNE
    other_light = [replace(point, differs=frozenset({Differs.LIGHT})) for point in fading]
    assert story_of({Measure.ACNE: other_light}) is None


def test_a_change_is_celebrated_once_and_only_for_the_better() -> None:
    """By measure."""
    better, worse, unsure = story([*FADING]), story([*reversed(FADING)]), story([4, 3, 4, 3, 4, 1, 1, 1, 0, 0])
    assert celebrates(better, ["", "pores"])
    assert not celebrates(better, ["acne"])
    assert not any(celebrates(each, []) for each in (worse, unsure, None))


@pytest.mark.parametrize("who", PEOPLE)
def test_noise_alone_is_told_as_sure_no_more_often_than_by_the_trend(who: str) -> None:
    """Looked at after each of 16 photos; "not sure" is said in at most two of a hundred reports, of one measure."""
    measure, draw = PEOPLE[who]
    sure = unsure = claimed = 0
    for run in range(RUNS):
        chances = random.Random(run)
        values = [draw(chances, 0.0) for _ in range(16)]
        points = weekly(values)
        told = [since_start(measure, points[:count], among=8) for count in range(3, 17)]
        sure += any(each is not None and each.sure for each in told)
        unsure += sum(each is not None and not each.sure for each in told)
        claimed += ever_claimed(measure, values, looks=range(3, 17))
    assert sure <= claimed
    assert unsure / RUNS / 14 <= 0.02
