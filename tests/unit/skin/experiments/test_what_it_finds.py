"""People who never were live through experiments: few of them here, with wide bounds; `make experiments` has 2,000."""

import pytest

from bot.skin.experiments.plan import PLANS, Design, Offered
from tests.bench.experiments import (
    LEFT,
    PIMPLES,
    REDNESS,
    Tables,
    as_soon_as_it_claims,
    at_the_end,
    breaking_out,
    in_kind,
    like,
    named,
    size_of,
    told,
)
from tests.bench.experiments_lived import Kind

FEW = 100


@pytest.mark.parametrize("kind", Kind)
def test_a_product_that_does_nothing_is_seldom_said_to_do_something(kind: Kind) -> None:
    """4 % of each kind at most; of 50 people in each plan, with these dice, not far from it."""
    claims = [told(offered, in_kind(kind), people=50, dice="t", tells=at_the_end).claims for offered in REDNESS]
    assert sum(claims) / len(claims) < 0.07


def test_to_end_it_when_it_looks_well_gains_nothing() -> None:
    claims = [
        told(offered, in_kind(Kind.DRIFTING), people=30, dice="t", tells=as_soon_as_it_claims).claims
        for offered in REDNESS
    ]
    assert sum(claims) / len(claims) < 0.07


@pytest.mark.parametrize("offered", REDNESS, ids=named)
def test_a_plan_finds_what_it_is_offered_for(offered: Offered) -> None:
    """In four of five people; in 100 of them, at least in seven of ten."""
    sd = size_of(offered.finds, offered.design)
    assert told(offered, in_kind(Kind.STEADY, sd=sd), people=FEW, dice="t", tells=at_the_end).helps > 0.7


@pytest.mark.parametrize("offered", PIMPLES, ids=named)
def test_a_plan_finds_fewer_pimples(offered: Offered) -> None:
    assert told(offered, breaking_out(LEFT[offered.finds]), people=FEW, dice="t", tells=at_the_end).helps > 0.65
    assert told(offered, breaking_out(1.0), people=FEW, dice="t", tells=at_the_end).claims < 0.08


def test_photo_by_photo_would_lie() -> None:
    """A lamp of its own for each week is in all of its photos: counted one by one they seem to be many witnesses."""
    seen = told(like(Design.HALF_FACE, 8, 7), in_kind(Kind.LAMPS), people=FEW, dice="t", tells=at_the_end)
    assert seen.claims < 0.08
    assert seen.by_photos > 0.15


def test_the_tables_have_every_plan_and_kind() -> None:
    lines = list(Tables(people=1).all())
    for offered in PLANS:
        assert any(named(offered) in line for line in lines)
    for kind in Kind:
        assert sum(line.startswith(f"| {kind} |") for line in lines) == 4


def test_the_same_dice_make_the_same_people() -> None:
    """Whoever runs it again reads the same numbers."""
    one, again = (told(PLANS[0], in_kind(Kind.STEADY), people=5, dice="t", tells=at_the_end) for _ in range(2))
    assert one == again
