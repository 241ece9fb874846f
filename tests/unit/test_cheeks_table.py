"""The command that says what light does to each cheek, and what a blush on one of them does."""

import numpy as np
import pytest

from tests.bench.cheeks import (
    LAMPS,
    Blushed,
    Moved,
    blush_table,
    blushed,
    both_of,
    evened,
    gate_of,
    light_table,
    moved,
    own_side_light,
    rms_of,
)
from tests.bench.fairness import Portrait, Tone, portrait_of
from tests.pictures import drawn_face

SKINS = [(224, 190, 172), (110, 75, 57)]


def portrait(skin: tuple[int, int, int] = SKINS[0]) -> Portrait:
    found = portrait_of(drawn_face(skin=skin))
    assert found is not None
    return found


@pytest.mark.parametrize("skin", SKINS)
def test_light_moves_a_cheek_and_leaves_left_minus_right(skin: tuple[int, int, int]) -> None:
    face = portrait(skin)
    before = both_of(face.light)
    assert before is not None
    changes = [each for each in moved(face, before) if each.lamp in LAMPS]
    one, apart = rms_of(changes)
    assert len(changes) == len(LAMPS)
    assert one > 1
    assert apart < one / 2


@pytest.mark.parametrize("skin", SKINS)
def test_a_blush_is_read_where_it_was_drawn(skin: tuple[int, int, int]) -> None:
    """All of a cheek reads as nearly four, a spot of it as less, and the other cheek as nothing."""
    face = portrait(skin)
    before = both_of(face.light)
    assert before is not None
    found = list(blushed(face, before))
    assert len(found) == 4
    for each in found:
        assert each.there == pytest.approx(4, abs=0.8) if each.is_whole else 0.5 < each.there < 4
        assert each.elsewhere == pytest.approx(0, abs=0.3)


def test_a_face_that_is_lit_evenly_is_refused_when_it_is_lit_from_a_side() -> None:
    """Each share, from the left and from the right; evening out takes away what light from a side there was."""
    face = portrait()
    assert own_side_light(face) == pytest.approx(0, abs=0.02)
    assert gate_of([face]) == [True] * 8
    assert evened(face, 0.15) == pytest.approx(0.15, abs=0.02)


def test_the_tables_count_what_they_are_of() -> None:
    rows = list(light_table([[Moved(lamp="+0.3 EV", left=3.0, right=4.0), Moved(lamp="aside", left=9.0, right=0.0)]]))
    assert rows[2] == "| +0.3 EV | 1 | 3.54 | 1.00 | 0.28 |"
    assert rows[-1] == "| **all but side light** | 1 | 3.54 | 1.00 | 0.28 |"
    drawn = [Blushed(tone=Tone.DARK, is_whole=True, there=there, elsewhere=0.0) for there in (3.5, 4.5)]
    assert list(blush_table(drawn))[2:] == [
        "| all of it, all | 2 | +4.00 ± 0.71 | +0.00 ± 0.00 |",
        f"| all of it, {Tone.DARK} | 2 | +4.00 ± 0.71 | +0.00 ± 0.00 |",
    ]
    assert np.isfinite(rms_of([Moved(lamp="", left=0.0, right=0.0)])).all()
