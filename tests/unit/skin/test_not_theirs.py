"""What somebody called none of theirs is known again in the next photo, at its place, unless it has become more."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.skin.analysis import Analysis, Box, Classified, MarkKind, Provider, Reading, Redness
from bot.skin.not_theirs import MOST, NotTheirs, Recognised, named_in, recognised, with_these, without, without_these
from tests.analyses import FACE, clear_skin

CHEEK = (0.3, 0.6)


def photo(moles: Sequence[tuple[float, float]], *, side: float = 12.0, face: Box = FACE) -> Analysis:
    """Moles at these places of a face, that many hundredths of it wide."""
    unit = face.width / 600
    boxes = tuple(
        Box(
            left=face.left + x * face.width - side * unit / 2,
            top=face.top + y * face.height - side * unit / 2,
            width=side * unit,
            height=side * unit,
        )
        for x, y in moles
    )
    skin = clear_skin()
    return replace(skin, face=face, marks={**skin.marks, MarkKind.MOLE: boxes})


def test_a_spot_is_known_by_its_place_in_any_photo() -> None:
    """Nearer, further, elsewhere in the picture; a new one elsewhere on the face is told."""
    known = named_in(photo([CHEEK]), {"mole"})
    nearer = Box(left=20, top=5, width=1400, height=1400)
    again = recognised(photo([CHEEK], face=nearer), known)
    assert again == Recognised(keys=frozenset({"mole"}))
    both = photo([CHEEK, (0.7, 0.4)], face=nearer)
    again = recognised(both, known)
    assert again.keys == frozenset()
    assert len(again.boxes) == 1
    assert [round(box.centre[0]) for box in without(both, again.boxes).marks[MarkKind.MOLE]] == [1000]


@pytest.mark.parametrize(("apart", "known"), [(0.0, True), (0.05, True), (0.10, False)])
def test_a_place_is_known_within_what_a_tilted_head_moves_it(apart: float, *, known: bool) -> None:
    """A spot on the cheek, half a face from the eyes."""
    again = recognised(photo([(CHEEK[0] + apart, CHEEK[1])]), named_in(photo([CHEEK]), {"mole"}))
    assert ("mole" in again.keys) is known


def test_what_has_grown_is_told_again() -> None:
    """A mole of twice the size, more of the same without a place, and very much redness whatever was said."""
    assert recognised(photo([CHEEK], side=26), named_in(photo([CHEEK]), {"mole"})).keys == frozenset()
    few, many = (
        replace(clear_skin(), readings={Reading.BLACKHEAD: Classified(value=value, confidence=0.9)}) for value in (1, 3)
    )
    assert recognised(few, named_in(few, {"blackhead"})).keys == {"blackhead"}
    assert recognised(many, named_in(few, {"blackhead"})).keys == frozenset()
    assert recognised(few, named_in(many, {"blackhead"})).keys == {"blackhead"}


@pytest.mark.parametrize(
    ("before", "now", "known"), [(0.12, 0.15, True), (0.12, 0.20, False), (0.28, 0.31, False), (0.4, 0.4, False)]
)
def test_redness_is_known_up_to_what_there_was(before: float, now: float, *, known: bool) -> None:
    """From three tenths of the face on it is told always: somebody should look at it."""
    first, second = (replace(clear_skin(), redness=Redness(area=area, intensity=None)) for area in (before, now))
    again = recognised(second, named_in(first, {"sensitivity"}))
    assert ("sensitivity" in again.keys) is known


def test_places_of_two_analyzers_do_not_compare() -> None:
    """Nor those in a photo in which no face was found."""
    known = named_in(photo([CHEEK]), {"mole"})
    assert recognised(replace(photo([CHEEK]), provider=Provider.LOCAL), known).keys == frozenset()
    faceless = replace(photo([CHEEK]), face=None)
    assert named_in(faceless, {"mole"}) == ()
    assert recognised(faceless, known).keys == frozenset()
    assert without(faceless, known) is faceless


def test_a_kind_is_never_emptied() -> None:
    """Nothing is then told as not seen: it is called untrue as a whole."""
    seen = photo([CHEEK])
    assert without(seen, named_in(seen, {"mole"})) == seen


def test_memory_has_each_thing_once_and_an_end() -> None:
    """Said again it is kept as it was seen last, and it is forgotten by what it is the same as."""
    first, second = (named_in(photo([CHEEK], side=side), {"mole"}) for side in (12, 30))
    assert with_these(first, second) == second
    assert without_these(second, first) == ()
    many = [NotTheirs(key="mole", provider=Provider.AILAB, x=place / 10, y=0, side=0.01) for place in range(MOST + 9)]
    assert with_these(many[:9], many[9:]) == tuple(many[9:])
