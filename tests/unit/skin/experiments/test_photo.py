"""What spoils a photo for a running experiment, by itself and beside its first ones."""

from dataclasses import replace

import pytest

from bot.skin.analysis import Sides
from bot.skin.experiments.photo import ExperimentPhoto, Spoiled, spoils
from bot.skin.photo import PhotoIssue
from bot.skin.scene import Scene
from tests.progressing import scene

BOTH = Sides(left=12.0, right=13.5, seen=0.9)


def photo(
    *doubts: PhotoIssue, sides: Sides | None = BOTH, side_light: float | None = 0.02, taken: Scene | None = None
) -> ExperimentPhoto:
    taken = taken or scene()
    conditions = replace(taken.conditions, side_light=side_light)
    return ExperimentPhoto(scene=replace(taken, conditions=conditions), doubts=frozenset(doubts), sides=sides)


FIRST = [photo(), photo(side_light=0.05), photo(side_light=-0.01)]


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        (photo(side_light=0.1), Spoiled.SIDE_LIGHT),
        (photo(side_light=-0.3), Spoiled.SIDE_LIGHT),
        (photo(PhotoIssue.SIDE_LIGHT, side_light=None), Spoiled.SIDE_LIGHT),
        (photo(PhotoIssue.HALF_IN_SHADOW, taken=scene(unreadable_light=True)), Spoiled.SIDE_LIGHT),
        (photo(taken=scene(unreadable_light=True)), Spoiled.BAD_LIGHT),
        (photo(taken=scene(turned=True)), Spoiled.TURNED),
        (photo(taken=scene(blurred=True)), Spoiled.BLURRED),
        (photo(PhotoIssue.FACE_SMALL), Spoiled.SMALL),
        (photo(taken=replace(scene(), covered=True)), Spoiled.HIDDEN),
        (photo(sides=None), Spoiled.HIDDEN),
        (photo(sides=Sides(left=None, right=13.0, seen=0.2)), Spoiled.HIDDEN),
    ],
)
def test_what_spoils_any_photo(spoiled: ExperimentPhoto, why: Spoiled) -> None:
    """Also the very first one; one thing that is wrong is one reason, not two."""
    assert spoils(spoiled, []) == {why}
    assert spoils(spoiled, FIRST) == {why}


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (photo(taken=scene(warmth=24)), Spoiled.OTHER_LIGHT),
        (photo(taken=scene(brightness=20)), Spoiled.OTHER_LIGHT),
        (photo(side_light=-0.09), Spoiled.OTHER_LIGHT),
        (photo(taken=scene(face_share=0.25)), Spoiled.OTHER_DISTANCE),
        (photo(taken=scene(sharpness=900)), Spoiled.OTHER_SHARPNESS),
        (photo(sides=replace(BOTH, seen=0.7)), Spoiled.HIDDEN),
    ],
)
def test_what_only_the_first_photos_tell(other: ExperimentPhoto, why: Spoiled) -> None:
    """By itself such a photo is as good as they were."""
    assert spoils(other, []) == set()
    assert spoils(other, FIRST) == {why}


def test_one_of_the_first_is_enough_to_compare_with() -> None:
    """Where the first ones were taken in two rooms, both go on counting."""
    evening = photo(taken=scene(warmth=21))
    assert spoils(evening, [*FIRST, evening]) == set()
    assert spoils(photo(), [*FIRST, evening]) == set()


def test_what_was_not_looked_for_spoils_nothing() -> None:
    """Where the light on the cheeks is not known, as in older reports, the rest decides; a vendor tells no share."""
    unknown = photo(side_light=None, sides=Sides(left=2, right=0))
    assert spoils(unknown, FIRST) == set()
    assert spoils(photo(), [unknown]) == set()


def test_a_beard_is_there_in_all_photos() -> None:
    """What hides as much of a cheek as it did in the first photos is no strand of hair."""
    bearded = photo(sides=replace(BOTH, seen=0.5))
    assert spoils(bearded, [bearded]) == set()
