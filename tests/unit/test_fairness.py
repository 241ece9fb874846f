"""The command that says whether every skin in every light is read alike."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import ImageDraw, ImageFilter

from tests.bench.fairness import Drawn, Light, Outcome, Tone, cells_of, outcomes_of, portrait_of, table
from tests.pictures import drawn_face

LIGHT, DARK = (224, 190, 172), (90, 60, 45)


@pytest.mark.parametrize(("skin", "tone"), [(LIGHT, Tone.LIGHT), (DARK, Tone.DARK)])
def test_what_is_drawn_onto_a_face_is_read_on_light_and_dark_skin(skin: tuple[int, int, int], tone: Tone) -> None:
    """Four a* more read as nearly so many, at least half of the spots are met, and nothing else is marked."""
    portrait = portrait_of(drawn_face(skin=skin))
    assert portrait is not None
    assert portrait.tone is tone

    by = {each.drawn: each for each in outcomes_of(portrait, Light.AS_IT_IS, np.random.default_rng(1))}
    assert all(each.is_found and not each.is_refused for each in by.values())
    assert by[Drawn.BLUSH].answer == pytest.approx(3.5, abs=1)
    for drawn in (Drawn.DARK_SPOTS, Drawn.RED_SPOTS):
        assert by[drawn].spots == 4
        assert by[drawn].met >= 2
        assert by[drawn].marks == by[drawn].right


def test_a_mark_that_the_face_has_of_itself_is_no_false_one_and_any_other_is() -> None:
    face = drawn_face()
    ImageDraw.Draw(face).ellipse((394, 244, 406, 256), fill=(120, 80, 60))
    portrait = portrait_of(face.filter(ImageFilter.GaussianBlur(0.8)))
    assert portrait is not None
    assert len(portrait.own) == 1

    for known, strange in ((portrait, 0), (replace(portrait, own=()), 1)):
        spotted = outcomes_of(known, Light.AS_IT_IS, np.random.default_rng(1))[2]
        assert spotted.drawn is Drawn.DARK_SPOTS
        assert spotted.marks == spotted.right + strange


def test_side_light_is_hinted_at_and_what_is_too_dark_is_asked_about() -> None:
    portrait = portrait_of(drawn_face(skin=DARK))
    assert portrait is not None
    aside, dark = (outcomes_of(portrait, light, np.random.default_rng(1))[0] for light in (Light.SIDE, Light.DARK))
    assert aside.is_hinted_at
    assert not aside.is_asked_about
    assert dark.is_asked_about


def test_the_portraits_at_hand_make_more_than_five_thousand_renderings_and_few_are_drawn_by_lot() -> None:
    assert len(cells_of(49, few=None)) * len(Drawn) >= 5000
    assert len(cells_of(49, few=200)) * len(Drawn) == 200
    assert len({portrait for portrait, _, _ in cells_of(49, few=200)}) > 20


def test_each_group_is_told_with_its_own_number() -> None:
    def outcome(tone: Tone, *, is_refused: bool, answer: float | None) -> Outcome:
        return Outcome(
            tone=tone, light=Light.COOL, drawn=Drawn.BLUSH, is_found=True, is_refused=is_refused, answer=answer
        )

    outcomes = [outcome(Tone.LIGHT, is_refused=False, answer=3), outcome(Tone.DARK, is_refused=True, answer=None)]
    lines = list(table(outcomes))
    assert lines[2].startswith("| all | 2 | 100 % | 50 % | 0 % | 0 % | +3.0 (n 1) |")
    assert [line.split(" | ")[0] for line in lines[3:]] == [
        f"| {Tone.LIGHT}",
        f"| {Tone.DARK}",
        f"| {Light.COOL}",
        f"| {Tone.LIGHT}, {Light.COOL}",
        f"| {Tone.DARK}, {Light.COOL}",
    ]
