"""A plan is drawn by lot, and whatever of it is changed later changes its fingerprint."""

import random
from collections import Counter
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from bot.skin.analysis import Judged, Provider
from bot.skin.experiments.plan import (
    PLANS,
    Arm,
    Design,
    FaceSide,
    Offered,
    Plan,
    drawn,
    fingerprint,
    judged_by,
    offered_for,
)

BEGAN = date(2026, 11, 30)
HALF = Plan(
    design=Design.HALF_FACE,
    judged=Judged.REDNESS,
    treated=FaceSide.LEFT,
    order=(Arm.WITHOUT, Arm.WITH),
    photos_a_week=3,
)
BENT: dict[str, Any] = {
    "design": Design.ON_OFF,
    "judged": Judged.PIMPLES,
    "treated": FaceSide.RIGHT,
    "order": (Arm.WITH, Arm.WITHOUT),
    "photos_a_week": 4,
    "settling": 1,
}


@pytest.mark.parametrize("field", [field.name for field in fields(Plan)])
def test_a_fingerprint_holds_every_field_of_the_plan(field: str) -> None:
    """Each field has another value here: a new one that is forgotten fails."""
    bent = replace(HALF, **{field: BENT[field]})
    assert fingerprint(bent, "cream", BEGAN) != fingerprint(HALF, "cream", BEGAN)


def test_a_fingerprint_holds_what_is_tried_and_the_first_day() -> None:
    """The same plan of another thing, or from another day, is another plan; the same of all is the same."""
    mine = fingerprint(HALF, "cream", BEGAN)
    assert mine == fingerprint(replace(HALF), "cream", BEGAN)
    assert len(mine) == 64
    assert mine != fingerprint(HALF, "créam", BEGAN)
    assert mine != fingerprint(HALF, "cream", date(2026, 12, 1))


@pytest.mark.parametrize("offered", PLANS)
def test_a_drawn_plan_is_as_long_as_offered(offered: Offered) -> None:
    plan = drawn(offered, random.Random(1))
    assert (plan.design, plan.weeks, plan.photos_a_week) == (offered.design, offered.weeks, offered.photos_a_week)


def test_half_a_face_is_drawn_by_lot() -> None:
    """Weeks without it come first on both cheeks; which cheek gets it is as good as a coin."""
    offered = next(offered for offered in PLANS if offered.baseline == 4)
    plans = [drawn(offered, random.Random(seed)) for seed in range(400)]
    sides = Counter(plan.treated for plan in plans)
    assert {plan.order for plan in plans} == {(Arm.WITHOUT,) * 4 + (Arm.WITH,) * 4}
    assert min(sides[side] for side in FaceSide) > 150


@pytest.mark.parametrize("offered", [offered for offered in PLANS if offered.design is Design.ON_OFF])
def test_on_and_off_weeks_come_in_pairs(offered: Offered) -> None:
    """One of each in every pair, each order in half of the pairs, and every such order can be drawn."""
    plans = [drawn(offered, random.Random(seed)) for seed in range(400)]
    for plan in plans:
        pairs = list(zip(plan.order[::2], plan.order[1::2], strict=True))
        assert all(set(pair) == set(Arm) for pair in pairs)
        assert sum(pair[0] is Arm.WITH for pair in pairs) == len(pairs) / 2
        assert plan.treated is None
    assert len({plan.order for plan in plans}) == {4: 6, 6: 20}[offered.weeks // 2]


@pytest.mark.parametrize("design", Design)
@pytest.mark.parametrize("provider", Provider)
def test_every_analyzer_can_judge_something(provider: Provider, design: Design) -> None:
    """And whatever it judges has a plan of either design; no two plans look alike to who chooses."""
    for judged in judged_by(provider):
        lengths = [(offered.weeks, offered.photos_a_week) for offered in offered_for(judged, design)]
        assert len(set(lengths)) == len(lengths) > 0
    assert judged_by(provider)


def test_what_is_slow_settles_first() -> None:
    """Two weeks with it have no photos; it is asked for in the weeks before, and in those that are left."""
    offered = next(offered for offered in PLANS if offered.settling == 2)
    plan = drawn(offered, random.Random(1))
    assert [week for week in range(plan.weeks) if plan.settles(week)] == [4, 5]
    assert not any(replace(plan, settling=0).settles(week) for week in range(plan.weeks))
