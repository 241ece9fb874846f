"""The command that says which measures are steady enough to be followed."""

import numpy as np
import pytest

from bot.skin.measures import FOLLOWED_HERE, Measure
from tests.bench.retakes import photos_of, steadiness, table
from tests.pictures import drawn_face


def people(*values: list[float]) -> list[list[dict[Measure, float]]]:
    return [[{Measure.REDDEST: value} for value in mine] for mine in values]


def test_ratio_is_how_people_differ_over_how_their_photos_do() -> None:
    found = steadiness(Measure.REDDEST, people([1, 2, 3], [11, 12, 13], [21, 22, 23], [5, 90]))
    assert found.people == 3
    assert found.within == pytest.approx(1)
    assert found.between == pytest.approx(10)
    assert found.is_followed_rightly


def test_what_photos_move_as_much_as_people_is_not_followed() -> None:
    found = steadiness(Measure.REDDEST, people([1, 3, 5], [2, 4, 6], [3, 5, 7]))
    assert found.ratio < 1
    assert not found.is_followed_rightly
    assert not steadiness(Measure.NOSE_REDNESS, people([1, 2, 3], [4, 5, 6])).is_followed_rightly


def test_retakes_of_a_face_compare_with_it_and_have_every_measure() -> None:
    """The portrait itself and two re-takes, each measured from its own file; no two are the same."""
    photos = photos_of(drawn_face(), retakes=2, chances=np.random.default_rng(1))
    assert [set(photo) for photo in photos] == [set(FOLLOWED_HERE)] * 3
    assert len({tuple(photo.items()) for photo in photos}) == 3
    assert sum(line.startswith("| ") for line in table([photos])) == 1 + len(FOLLOWED_HERE)
