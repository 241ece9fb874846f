"""A change is claimed when there is one, and hardly ever when there is none: on simulated people, with figures."""

import math
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.skin.measures import Measure
from bot.skin.trend import Direction, Point, trend

START: Final = datetime(2026, 1, 5, 8, tzinfo=UTC)
WEEK: Final = timedelta(days=7)
RUNS: Final = 600
CLAIMS: Final = frozenset({Direction.MORE, Direction.FEWER})

Draw = Callable[[random.Random, float], float]
"""A photo's value; the second number is how many times the noise the skin itself has changed by."""


def redness(spread: float) -> Draw:
    return lambda chances, shift: 0.3 + spread * (chances.gauss(0, 1) + shift)


def strength(chances: random.Random, shift: float) -> float:
    return 40 + 6 * (chances.gauss(0, 1) + shift)


def poisson(chances: random.Random, mean: float) -> int:
    count, product, limit = 0, chances.random(), math.exp(-mean)
    while product > limit:
        count, product = count + 1, product * chances.random()
    return count


def spots(usual: float, *, uneven: float = 0.0) -> Draw:
    """Counts that vary by chance alone, or, where `uneven`, by more than that; on a scale where noise is even."""

    def draw(chances: random.Random, shift: float) -> float:
        level = max(0.0, math.sqrt(usual) + shift / 2) ** 2
        crowd = chances.gammavariate(1 / uneven, uneven) if uneven else 1.0
        return poisson(chances, level * crowd)

    return draw


PEOPLE: Final[dict[str, tuple[Measure, Draw]]] = {
    "redness, noise as believed": (Measure.SENSITIVITY, redness(0.01)),
    "redness, three times that": (Measure.SENSITIVITY, redness(0.03)),
    "strength of redness": (Measure.SENSITIVITY_INTENSITY, strength),
    "about 2 pimples": (Measure.ACNE, spots(2)),
    "about 8 pimples": (Measure.ACNE, spots(8)),
    "about 25 spots": (Measure.SKIN_SPOT, spots(25)),
    "8 pimples, uneven": (Measure.ACNE, spots(8, uneven=0.15)),
}


def weekly(values: Sequence[float]) -> list[Point]:
    return [Point(number=place + 1, when=START + place * WEEK, value=value) for place, value in enumerate(values)]


def ever_claimed(measure: Measure, values: Sequence[float], *, looks: range) -> bool:
    """Whether a person who looks after each of these photos is told of a change at least once."""
    points = weekly(values)
    return any(trend(measure, points[:count]).direction in CLAIMS for count in looks)


def share_of_runs(measure: Measure, draw: Draw, *, before: int, after: int, shift: float) -> float:
    """The share of people who are told of a change, by looking after each photo from the first one that may show it."""
    told = 0
    for run in range(RUNS):
        chances = random.Random(run)
        values = [draw(chances, shift if place >= before else 0.0) for place in range(before + after)]
        told += ever_claimed(measure, values, looks=range(before + 1, before + after + 1))
    return told / RUNS


@pytest.mark.parametrize("who", PEOPLE)
def test_pure_noise_is_hardly_ever_called_a_change(who: str) -> None:
    """In at most 5 % of runs of sixteen photos, though the person looks after every one of them."""
    measure, draw = PEOPLE[who]
    false = share_of_runs(measure, draw, before=0, after=16, shift=0.0)
    print(f"\npure noise, 16 photos, a look after each | {who}: a change is claimed in {false:.1%} of runs")  # noqa: T201 - the figure is wanted
    assert false <= 0.05


@pytest.mark.parametrize("who", ["redness, noise as believed", "redness, three times that", "about 8 pimples"])
def test_a_change_of_twice_the_noise_is_found_after_four_photos(who: str) -> None:
    """In at least 80 % of runs, once twelve photos tell what is usual; with fewer before it, seldomer."""
    measure, draw = PEOPLE[who]
    shares = {before: share_of_runs(measure, draw, before=before, after=4, shift=2.0) for before in (4, 8, 12)}
    told = ", ".join(f"{share:.0%} after {before} + 4 photos" for before, share in shares.items())
    print(f"\ntwice the noise | {who}: found in {told}")  # noqa: T201 - the figures are wanted
    assert shares[12] >= 0.80
    assert shares[4] < shares[8] < shares[12]
