"""The answer of an experiment: weeks are its units, never photos, and it is given once, at the end.

What holds, and what it costs, is simulated by `make experiments` and told in docs/experiments.md.
"""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from statistics import fmean
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.skin.analysis import Judged
from bot.skin.experiments.plan import Arm, Design, Plan
from bot.skin.student import threshold

LEVEL: Final = 0.04  # of false claims over a whole experiment, "helps" and "hurts" together
EARLY_LEVEL: Final = 0.005  # of one that is ended early, by somebody who may have seen how it goes
LEAST_WEEKS: Final = MappingProxyType({Design.HALF_FACE: 2, Design.ON_OFF: 3})
"""Of each arm: with fewer nothing is claimed."""

_TRUST: Final = 6.0  # weeks' worth, for what is believed of noise beforehand
_LEAST_NOISE: Final = 1e-9
_PIMPLES_BY_CHANCE: Final = 1.0  # a week's, on the even scale, of each count: no more photos make them fewer

WORTH_HAVING: Final = MappingProxyType(
    {
        (Design.HALF_FACE, Judged.REDNESS): 2.0,
        (Design.ON_OFF, Judged.REDNESS): 0.6,
        (Design.HALF_FACE, Judged.PIMPLES): 1.5,
        (Design.ON_OFF, Judged.PIMPLES): 1.5,
    }
)
"""The least benefit that anybody would notice, in the unit of what is counted.

Redness: two steps of a*, which an eye just sees; four of them on both cheeks move what the whole face is judged by
(`Measure.REDDEST`) by 1.2. Pimples: half of them, as from six to three, on the even scale of counts.
"""

_WANDERS: Final = MappingProxyType({Judged.REDNESS: 0.065, Judged.PIMPLES: 0.34})
"""How far the cheeks of one face are believed to drift apart by themselves, each week anew: one standard deviation.

Pimples come on one cheek, and stay for weeks.
"""


class Certainty(StrEnum):
    """LIKELY_NOT: a benefit that one would notice is ruled out, or it makes it worse. UNCLEAR: it can't be told."""

    LIKELY_HELPS = "likely_helps"
    LIKELY_NOT = "likely_not"
    UNCLEAR = "unclear"


class Caveat(StrEnum):
    """What could mislead, or why so little can be told."""

    TOO_FEW_WEEKS = "too_few_weeks"
    MISSED_WEEKS = "missed_weeks"
    ENDED_EARLY = "ended_early"
    PAUSED = "paused"
    LIGHT_CHANGED = "light_changed"
    OTHER_PRODUCT = "other_product"


class Unfinished(Exception):
    """It is still going on: nothing is told before its end."""


@dataclass(frozen=True, kw_only=True)
class Counted:
    """A photo that counts. `value`: more is worse.

    Half face: the treated cheek's minus the other's. On and off: of the whole face, redness by `Measure.REDDEST`.
    Pimples on the even scale, before anything is taken away from them.
    """

    week: int
    when: datetime
    value: float


@dataclass(frozen=True, kw_only=True)
class Course:
    """How it went. `weeks_gone`: whole weeks of the plan; `light_changes`: photos refused because of other light."""

    weeks_gone: int
    paused_weeks: int = 0
    other_products: int = 0
    light_changes: int = 0
    ended_early: bool = False


@dataclass(frozen=True, kw_only=True)
class Block:
    """A week, as one number: the mean of its photos."""

    week: int
    arm: Arm
    value: float
    photos: int


@dataclass(frozen=True, kw_only=True)
class ExperimentAnswer:
    """`difference`: with it minus without it, so below zero is better; `interval` has the true one in `sure` of all
    experiments (0.96: 24 of 25). Both are None where too few weeks are left. `worse`: an effect the other way was seen.

    `blocks`: the weeks that count, in order.
    """

    certainty: Certainty
    worse: bool
    difference: float | None
    interval: tuple[float, float] | None
    sure: float
    worth_having: float
    blocks: tuple[Block, ...]
    caveats: tuple[Caveat, ...]

    @property
    def weeks_with(self) -> int:
        return sum(block.arm is Arm.WITH for block in self.blocks)

    @property
    def weeks_without(self) -> int:
        return len(self.blocks) - self.weeks_with


class _Estimate(NamedTuple):
    difference: float
    error: float
    freedom: int


def answer(plan: Plan, counted: Sequence[Counted], course: Course) -> ExperimentAnswer:
    """Unfinished before the plan's last week has passed, unless it was ended early."""
    if course.weeks_gone < plan.weeks and not course.ended_early:
        raise Unfinished
    early = course.ended_early and course.weeks_gone < plan.weeks
    level = EARLY_LEVEL if early else LEVEL
    blocks = blocks_of(plan, [photo for photo in counted if photo.week < course.weeks_gone])
    estimate = _estimate(plan, blocks, _within(blocks, counted))
    interval = None if estimate is None else _interval(estimate, level)
    worth = WORTH_HAVING[plan.design, plan.judged]
    return ExperimentAnswer(
        certainty=_certainty(interval, worth),
        worse=interval is not None and interval[0] > 0,
        difference=None if estimate is None else estimate.difference,
        interval=interval,
        sure=1 - level,
        worth_having=worth,
        blocks=blocks,
        caveats=_caveats(plan, course, blocks, few=estimate is None, early=early),
    )


def blocks_of(plan: Plan, counted: Sequence[Counted]) -> tuple[Block, ...]:
    """The weeks that count, in order: those with a third of their photos or more, and nothing that only settles."""
    weeks: dict[int, list[float]] = {}
    for photo in counted:
        weeks.setdefault(photo.week, []).append(photo.value)
    return tuple(
        Block(week=week, arm=plan.order[week], value=math.fsum(values) / len(values), photos=len(values))
        for week, values in sorted(weeks.items())
        if 3 * len(values) >= plan.photos_a_week and not plan.settles(week)
    )


def pairs_of(blocks: Sequence[Block]) -> tuple[tuple[Block, Block], ...]:
    """On and off: each two weeks of which both count, the one without it first."""
    found: dict[int, dict[Arm, Block]] = {}
    for block in blocks:
        found.setdefault(block.week // 2, {})[block.arm] = block
    return tuple((pair[Arm.WITHOUT], pair[Arm.WITH]) for _, pair in sorted(found.items()) if len(pair) == len(Arm))


def _within(blocks: Sequence[Block], counted: Sequence[Counted]) -> float | None:
    """The variance of photos of one week; None where no week has two."""
    means = {block.week: block.value for block in blocks if block.photos > 1}
    freedom = sum(block.photos - 1 for block in blocks)
    squares = math.fsum((photo.value - means[photo.week]) ** 2 for photo in counted if photo.week in means)
    return squares / freedom if freedom else None


def _estimate(plan: Plan, blocks: Sequence[Block], within: float | None) -> _Estimate | None:
    """The weeks with it against those without it, by least squares; on and off weeks beside a line through time.

    The line costs little, for each arm has its weeks all along. Half a face can't have one: what begins in the middle
    looks like a line itself. Instead what cheeks drift apart by themselves is allowed for.
    """
    arms = [float(block.arm is Arm.WITH) for block in blocks]
    line = plan.design is Design.ON_OFF
    if min(sum(arms), len(arms) - sum(arms)) < LEAST_WEEKS[plan.design]:
        return None
    weeks = [block.week for block in blocks]
    apart, values = (_levelled(each, weeks, line=line) for each in (arms, [block.value for block in blocks]))
    weight = math.fsum(arm**2 for arm in apart)
    pulls = [arm / weight for arm in apart]
    difference = math.fsum(pull * value for pull, value in zip(pulls, values, strict=True))
    squares = math.fsum((value - difference * arm) ** 2 for arm, value in zip(apart, values, strict=True))
    freedom = len(blocks) - 2 - line
    believed = _believed(plan, blocks, within)
    trust = _TRUST * min(1.0, believed / max(squares / freedom, _LEAST_NOISE))  # what the weeks contradict counts less
    noise = (squares + trust * believed) / (freedom + trust) / weight
    drift = 0.0 if line else _WANDERS[plan.judged] ** 2 * _walked(weeks, pulls)
    return _Estimate(difference, math.sqrt(noise + drift), max(1, round(freedom + trust)))


def _levelled(values: Sequence[float], weeks: Sequence[int], *, line: bool) -> list[float]:
    """What of them is neither their mean nor, with `line`, their straight way through the weeks."""
    level, middle = fmean(values), fmean(weeks)
    length = math.fsum((week - middle) ** 2 for week in weeks)
    rise = math.fsum((week - middle) * value for week, value in zip(weeks, values, strict=True)) / length if line else 0
    return [value - level - rise * (week - middle) for week, value in zip(weeks, values, strict=True)]


def _believed(plan: Plan, blocks: Sequence[Block], within: float | None) -> float:
    """The variance of a week, before anything is known of weeks; 0 where nothing is.

    Half a face: what the photos of each week say. On and off weeks say enough themselves. Pimples: never under chance.
    """
    half = plan.design is Design.HALF_FACE
    least = (2 if half else 1) * _PIMPLES_BY_CHANCE**2 if plan.judged is Judged.PIMPLES else 0.0
    return max(least, within * fmean(1 / block.photos for block in blocks) if half and within else 0.0)


def _walked(weeks: Sequence[int], pulls: Sequence[float]) -> float:
    """How much of its variance a walk of one step a week leaves in the difference."""
    tails = itertools.accumulate(reversed(pulls))
    gaps = (later - earlier for later, earlier in itertools.pairwise(reversed(weeks)))
    return math.fsum(gap * tail**2 for gap, tail in zip(gaps, tails, strict=False))


def _interval(estimate: _Estimate, level: float) -> tuple[float, float]:
    reach = threshold(level, estimate.freedom) * estimate.error
    return estimate.difference - reach, estimate.difference + reach


def _certainty(interval: tuple[float, float] | None, worth: float) -> Certainty:
    if interval is None:
        return Certainty.UNCLEAR
    if interval[1] < 0:
        return Certainty.LIKELY_HELPS
    return Certainty.LIKELY_NOT if interval[0] > -worth else Certainty.UNCLEAR


def _caveats(plan: Plan, course: Course, blocks: Sequence[Block], *, few: bool, early: bool) -> tuple[Caveat, ...]:
    told = {
        Caveat.TOO_FEW_WEEKS: few,
        Caveat.MISSED_WEEKS: len(blocks) < sum(not plan.settles(week) for week in range(course.weeks_gone)),
        Caveat.ENDED_EARLY: early,
        Caveat.PAUSED: course.paused_weeks > 0,
        Caveat.LIGHT_CHANGED: course.light_changes > 0,
        Caveat.OTHER_PRODUCT: course.other_products > 0,
    }
    return tuple(caveat for caveat, is_so in told.items() if is_so)
