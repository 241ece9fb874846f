"""What is followed over time is what the report told, in honest units."""

from dataclasses import replace

import pytest

from bot.skin.analysis import Analysis, Classified, MarkKind, Provider, Reading, Redness, SkinZone
from bot.skin.measures import (
    FOLLOWED_HERE,
    NEVER_FOLLOWED,
    UNITS,
    Measure,
    Unit,
    disputed_measures,
    followed_by,
    known_measures,
    measures_of,
    scale_of,
)
from tests.analyses import clear_skin, everything_at_once, on_device, usual_skin


def test_measures_of_a_usual_analysis() -> None:
    """Counts as marked, degrees as read, pores and lines as the number of places; what has no degree is absent."""
    assert measures_of(usual_skin()) == {
        Measure.ACNE: 5,
        Measure.CLOSED_COMEDONES: 1,
        Measure.SKIN_SPOT: 0,
        Measure.SENSITIVITY: 0.024,
        Measure.SENSITIVITY_INTENSITY: 32,
        Measure.BLACKHEAD: 2,
        Measure.EYE_POUCH: 2,
    }


def test_measures_of_clear_and_of_full_skin() -> None:
    """None is a value too; places count only where all of them were looked at."""
    clear, full = measures_of(clear_skin()), measures_of(everything_at_once())
    assert set(clear.values()) == {0}
    assert (clear[Measure.PORES], full[Measure.PORES]) == (0, 4)
    assert full[Measure.LINES] == 4
    assert full[Measure.BLACKHEAD] == 3


def test_measures_on_this_device() -> None:
    """What is steady from photo to photo, and nothing else: no strength, no counts."""
    assert measures_of(on_device()) == {
        Measure.SENSITIVITY: 0.13,
        Measure.REDDEST: 8.2,
        Measure.NOSE_REDNESS: 3.1,
        Measure.UNDER_EYE_COLOUR: 2.4,
        Measure.UNDER_EYE_LINES: 0.17,
    }
    assert set(measures_of(on_device())) == set(FOLLOWED_HERE)


@pytest.mark.parametrize("hidden", [SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK])
def test_redness_of_a_part_is_not_followed(hidden: SkinZone) -> None:
    """It would change with what covers the face; lines and colour under the eyes have a say of their own."""
    measures = measures_of(replace(on_device(), not_visible=frozenset({hidden})))
    assert set(measures) == {Measure.UNDER_EYE_COLOUR, Measure.UNDER_EYE_LINES}


def test_a_pale_nose_is_not_red_at_all() -> None:
    pale = replace(on_device(), redness=Redness(area=0.1, intensity=None, reddest=5.0, nose=-2.4))
    assert measures_of(pale)[Measure.NOSE_REDNESS] == 0


def test_what_was_kept_of_this_device_and_is_not_followed_any_more() -> None:
    """The vendor's strength of redness is its own affair."""
    assert Measure.SENSITIVITY_INTENSITY in followed_by(Provider.AILAB)
    assert followed_by(Provider.LOCAL) == frozenset(FOLLOWED_HERE)
    assert followed_by(Provider.LOCAL) & followed_by(Provider.AILAB) == {Measure.SENSITIVITY}


def test_moles_and_unknown_degrees_have_no_trend() -> None:
    """Moles are never rated; eye bags without a degree are neither none nor a lot."""
    analysis = Analysis(
        provider=Provider.AILAB,
        readings={Reading.EYE_POUCH: Classified(value=1), Reading.PORES_JAW: Classified(value=1)},
        marks={MarkKind.MOLE: ()},
        redness=Redness(area=None, intensity=None),
    )
    assert measures_of(analysis) == {}
    assert "mole" not in set(Measure)


@pytest.mark.parametrize("measure", list(Measure))
def test_even_scale_leads_back(measure: Measure) -> None:
    """Forth and back gives the same value; larger stays larger."""
    scale = scale_of(measure)
    values = [0, 1, 2, 7, 100] if UNITS[measure] is Unit.COUNT else [0, 0.1, 2.5]
    assert [scale.back(scale.even(value)) for value in values] == pytest.approx(values, abs=1e-9)
    assert sorted(values) == sorted(values, key=scale.even)


def test_disputed_findings_take_their_measures_along() -> None:
    """One place of the pores is enough, and redness means all of its numbers."""
    assert disputed_measures(frozenset()) == frozenset()
    assert disputed_measures(frozenset({"pores_jaw", "sensitivity", "mole"})) == {
        Measure.PORES,
        Measure.SENSITIVITY,
        Measure.SENSITIVITY_INTENSITY,
        Measure.REDDEST,
        Measure.NOSE_REDNESS,
    }


def test_moles_and_the_spots_of_this_device_are_never_followed() -> None:
    """No measure has them, whatever an older report has kept of them."""
    assert {*NEVER_FOLLOWED}.isdisjoint({measure.value for measure in Measure})
    assert known_measures({"dark_spots": 3, "red_spots": 5, "mole": 1, "acne": 2}) == {Measure.ACNE: 2.0}
