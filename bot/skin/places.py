"""The places of a face by the names that people have for them, and which of them a photo shows."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from bot.skin.analysis import Analysis, SkinZone


class Place(StrEnum):
    """Left is the picture's left. A pair stands for its two halves where the same holds for both."""

    FOREHEAD = "forehead"
    NOSE = "nose"
    CHEEKS = "cheeks"
    LEFT_CHEEK = "left_cheek"
    RIGHT_CHEEK = "right_cheek"
    EYES = "around_the_eyes"
    LEFT_EYE = "around_the_left_eye"
    RIGHT_EYE = "around_the_right_eye"
    CHIN = "chin"
    JAW = "jaw"
    LEFT_JAW = "left_jaw"
    RIGHT_JAW = "right_jaw"


# The zone that says whether a place is seen, and one that belongs to it.
_ZONES: Final = {
    Place.FOREHEAD: (SkinZone.FOREHEAD, SkinZone.GLABELLA),
    Place.NOSE: (SkinZone.NOSE, SkinZone.NOSE),
    Place.LEFT_CHEEK: (SkinZone.LEFT_CHEEK, SkinZone.LEFT_CHEEK),
    Place.RIGHT_CHEEK: (SkinZone.RIGHT_CHEEK, SkinZone.RIGHT_CHEEK),
    Place.LEFT_EYE: (SkinZone.LEFT_UNDER_EYE, SkinZone.LEFT_EYE_CORNER),
    Place.RIGHT_EYE: (SkinZone.RIGHT_UNDER_EYE, SkinZone.RIGHT_EYE_CORNER),
    Place.CHIN: (SkinZone.CHIN, SkinZone.CHIN),
    Place.LEFT_JAW: (SkinZone.LEFT_JAW, SkinZone.LEFT_JAW),
    Place.RIGHT_JAW: (SkinZone.RIGHT_JAW, SkinZone.RIGHT_JAW),
}
_PAIRS: Final = {
    Place.CHEEKS: (Place.LEFT_CHEEK, Place.RIGHT_CHEEK),
    Place.EYES: (Place.LEFT_EYE, Place.RIGHT_EYE),
    Place.JAW: (Place.LEFT_JAW, Place.RIGHT_JAW),
}


def hidden_places(analysis: Analysis) -> tuple[Place, ...]:
    """Those of which too little is seen to tell anything."""
    return _named(set(_hidden(analysis)))


def partly_seen_places(analysis: Analysis) -> tuple[Place, ...]:
    """Those of which some is seen, and what is told holds for that."""
    hidden, seen_in_part = set(_hidden(analysis)), analysis.not_visible | analysis.partly_visible
    return _named({place for place, zones in _ZONES.items() if seen_in_part.intersection(zones)} - hidden)


def _hidden(analysis: Analysis) -> Iterator[Place]:
    return (place for place, (main, _) in _ZONES.items() if main in analysis.not_visible)


def _named(places: set[Place]) -> tuple[Place, ...]:
    for pair, halves in _PAIRS.items():
        if places.issuperset(halves):
            places = places.difference(halves) | {pair}
    return tuple(place for place in Place if place in places)
