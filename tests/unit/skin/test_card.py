"""A card shows what is told, where it is; the rest by one tap each, and never what is untrue."""

from dataclasses import replace
from typing import Final

from bot.skin.analysis import Analysis, Box, Classified, MarkKind, Provider, Reading, Redness, SkinZone
from bot.skin.assess import assess
from bot.skin.card import LINES, PORES, TOLD, UNSURE, OnCard, shown_on, views_of

FACE: Final = Box(left=200, top=200, width=600, height=600)


def box(place: int, confidence: float | None = 0.9, *, faint: bool = False) -> Box:
    return Box(left=300 + place * 7, top=400 + place * 5, width=9, height=9, confidence=confidence, faint=faint)


def boxes(count: int, confidence: float | None = 0.9) -> tuple[Box, ...]:
    return tuple(box(place, confidence) for place in range(count))


MANY: Final = Analysis(
    provider=Provider.AILAB,
    face=FACE,
    marks={MarkKind.ACNE: (*boxes(12), *boxes(5, 0.3)), MarkKind.SKIN_SPOT: boxes(2), MarkKind.MOLE: boxes(1, 0.4)},
    readings={
        Reading.PORES_LEFT_CHEEK: Classified(value=1, confidence=0.95),
        Reading.FOREHEAD_WRINKLE: Classified(value=1, confidence=0.95),
        Reading.CROWS_FEET: Classified(value=1, confidence=0.3),
    },
    redness=Redness(area=0.34, intensity=50),
)


def shown(view: str, analysis: Analysis = MANY, left_out: frozenset[str] = frozenset()) -> OnCard:
    return shown_on(view, analysis, assess(analysis, disputed=left_out), left_out=left_out)


def test_the_card_shows_the_kinds_that_the_caption_names_and_no_others() -> None:
    """Sure boxes of them; redness, where it stands out, as much as is told."""
    report = assess(MANY)
    told = shown(TOLD)
    assert set(told.marks) == report.marked_kinds
    assert len(told.marks[MarkKind.ACNE]) == 12
    assert (told.redness, report.stands_out("sensitivity")) == (0.34, True)


def test_redness_that_does_not_stand_out_is_not_tinted() -> None:
    assert shown(TOLD, replace(MANY, redness=Redness(area=0.02, intensity=10))).redness is None


def test_each_kind_has_a_view_of_its_own() -> None:
    """Pores and lines as the zones that surely have them."""
    assert shown(MarkKind.SKIN_SPOT).marks == {MarkKind.SKIN_SPOT: boxes(2)}
    assert shown(PORES).pores == {SkinZone.LEFT_CHEEK}
    assert shown(LINES).lines == {SkinZone.FOREHEAD}
    assert shown(MarkKind.SKIN_SPOT).redness is None


def test_unsure_marks_are_shown_on_request_alone() -> None:
    """All of them together, and of the sure ones none."""
    assert shown(UNSURE).marks == {MarkKind.ACNE: boxes(5, 0.3), MarkKind.MOLE: boxes(1, 0.4)}
    faint = Analysis(provider=Provider.LOCAL, face=FACE, marks={MarkKind.DARK_SPOTS: (box(0, None, faint=True),)})
    assert shown(TOLD, faint).marks == {}
    assert len(shown(UNSURE, faint).marks[MarkKind.DARK_SPOTS]) == 1


def test_what_is_untrue_is_in_no_view() -> None:
    """Neither marked, nor tinted, nor outlined, nor offered."""
    left_out = frozenset({"acne", "sensitivity", "pores_left_cheek"})
    views = views_of(MANY, assess(MANY, disputed=left_out), left_out=left_out)
    assert {MarkKind.ACNE, PORES}.isdisjoint(views)
    for view in (*views, MarkKind.ACNE, PORES):
        card = shown(view, left_out=left_out)
        assert MarkKind.ACNE not in card.marks
        assert (card.redness, card.pores) == (None, frozenset())


def test_views_are_offered_where_there_is_a_choice() -> None:
    """With nothing found, or one kind alone that is told already, there is none."""
    assert views_of(MANY, assess(MANY), left_out=()) == (TOLD, MarkKind.ACNE, MarkKind.SKIN_SPOT, PORES, LINES, UNSURE)
    nothing = Analysis(provider=Provider.AILAB, face=FACE, marks={MarkKind.ACNE: ()})
    assert views_of(nothing, assess(nothing), left_out=()) == ()
    alone = replace(nothing, marks={MarkKind.ACNE: boxes(6)})
    assert views_of(alone, assess(alone), left_out=()) == ()


def test_zones_that_were_hidden_are_told_to_the_card() -> None:
    """So that they are not outlined as looked at."""
    hidden = frozenset({SkinZone.FOREHEAD})
    assert shown(TOLD, Analysis(provider=Provider.LOCAL, face=FACE, not_visible=hidden)).hidden == hidden
