"""Which places of a face a photo shows, by the names that people have for them."""

import pytest

from bot.skin.analysis import Analysis, Provider, SkinZone
from bot.skin.places import Place, hidden_places, partly_seen_places


def seen(*, hidden: set[SkinZone], partly: set[SkinZone] | None = None) -> Analysis:
    return Analysis(
        provider=Provider.LOCAL, not_visible=frozenset(hidden), partly_visible=frozenset(partly or frozenset())
    )


@pytest.mark.parametrize(
    ("zones", "places"),
    [
        (set(), ()),
        ({SkinZone.LEFT_CHEEK}, (Place.LEFT_CHEEK,)),
        ({SkinZone.RIGHT_CHEEK, SkinZone.NOSE}, (Place.NOSE, Place.RIGHT_CHEEK)),
        ({SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK}, (Place.CHEEKS,)),
        ({SkinZone.LEFT_UNDER_EYE, SkinZone.LEFT_EYE_CORNER}, (Place.LEFT_EYE,)),
        ({SkinZone.FOREHEAD, SkinZone.GLABELLA}, (Place.FOREHEAD,)),
        (set(SkinZone), (Place.FOREHEAD, Place.NOSE, Place.CHEEKS, Place.EYES, Place.CHIN, Place.JAW)),
    ],
)
def test_hidden_places_are_named_left_and_right_by_themselves(zones: set[SkinZone], places: tuple[Place, ...]) -> None:
    """A pair is one name only where both are hidden."""
    assert hidden_places(seen(hidden=zones)) == places
    assert partly_seen_places(seen(hidden=zones)) == ()


def test_a_place_of_which_some_is_seen_is_told_as_such() -> None:
    """Neither hidden nor whole: by its own share, or because what belongs to it is hidden."""
    analysis = seen(
        hidden={SkinZone.LEFT_CHEEK, SkinZone.GLABELLA, SkinZone.RIGHT_EYE_CORNER},
        partly={SkinZone.RIGHT_CHEEK, SkinZone.CHIN},
    )

    assert hidden_places(analysis) == (Place.LEFT_CHEEK,)
    assert partly_seen_places(analysis) == (Place.FOREHEAD, Place.RIGHT_CHEEK, Place.RIGHT_EYE, Place.CHIN)
