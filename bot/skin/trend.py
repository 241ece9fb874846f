"""One measure over time: a change is called a change only when chance and photo noise hardly ever make one like it.

The newest four visits are weighed against those before them by Student's t, each time four more are complete and at a
level that spends the allowance of false claims over the first sixteen; in between only what is glaring counts. What
holds, and what it costs, is measured in tests/unit/skin/test_trend.py and told in docs/decisions.md.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import fmean
from typing import Final

from bot.skin.measures import Followed, Scale, scale_of
from bot.skin.scene import Differs
from bot.skin.student import threshold

NEEDED: Final = 3  # comparable visits, before anything is said
JUDGED_FROM: Final = 8  # comparable visits, before a usual change can be told from noise
REPEAT_WITHIN: Final = timedelta(minutes=10)

GROUP: Final = 4
_BEFORE: Final = 24
_LEVELS: Final = {8: 0.005, 12: 0.014, 16: 0.020}  # with the glaring ones: 5 % of sixteen photos of pure noise
_LATER_LEVEL: Final = 0.012
_GLARING_LEVEL: Final = 0.0005
_MOST_TRUST: Final = 12  # photos' worth; repeats tell the noise of an afternoon, not of every day
_LEAST_NOISE: Final = 1e-9
_WIDE: Final = 3.5  # times the noise that is believed of everybody; what reaches further has to be seen


@dataclass(frozen=True, kw_only=True)
class Point:
    """One report's value, in the measure's own unit. `differs`: why its photo does not compare; empty when it does.

    `noted`: the person wrote something to it. `tried`: they told what became of the step in it.
    """

    number: int
    when: datetime
    value: float
    differs: frozenset[Differs] = frozenset()
    noted: bool = False
    tried: bool = False
    repeat_of: int | None = None


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Comparable photos of the same minutes, as one: the mean of their values on the even scale."""

    when: datetime
    evens: tuple[float, ...]

    @property
    def even(self) -> float:
        return fmean(self.evens)


@dataclass(frozen=True, kw_only=True)
class Noise:
    """How far photos of the same skin differ, one standard deviation on the even scale, and how far that is known."""

    spread: float
    freedom: int


@dataclass(frozen=True, kw_only=True)
class Shift:
    """Places among the visits: from `first` to `split` they were at one level, from there to `end` at another."""

    first: int
    split: int
    end: int


class Direction(StrEnum):
    MORE = "more"
    FEWER = "fewer"
    STEADY = "steady"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True)
class Trend:
    """What can honestly be said. `usual`: where this person's photos fall by themselves; `before`, `lately`: levels.

    All in the measure's own unit. `usual_from`: the first of the photos that tell what is usual. `since`: when the
    newest visits began that a change was seen in. `missing`: how many more comparable visits are needed to say
    anything. `visits`: how many there are. `early`: too few yet to
    tell a usual change from noise.
    """

    measure: Followed
    points: tuple[Point, ...]
    direction: Direction
    visits: int
    missing: int = 0
    usual: tuple[float, float] | None = None
    usual_from: datetime | None = None
    before: float | None = None
    lately: float | None = None
    since: datetime | None = None

    @property
    def early(self) -> bool:
        return self.visits < JUDGED_FROM


def trend(measure: Followed, points: Sequence[Point]) -> Trend:
    """The trend of one measure over one instrument's reports, oldest first."""
    scale = scale_of(measure)
    visits = visits_of(points, scale)
    if len(visits) < NEEDED:
        return Trend(
            measure=measure,
            points=tuple(points),
            direction=Direction.TOO_FEW,
            visits=len(visits),
            missing=NEEDED - len(visits),
        )
    change = _newest_change(visits, scale)
    if change is None:
        recent = visits[-_BEFORE:]
        return Trend(
            measure=measure,
            points=tuple(points),
            direction=Direction.STEADY,
            visits=len(visits),
            usual=_known_range(recent, scale),
            usual_from=recent[0].when,
        )
    before, lately = visits[change.first : change.split], visits[change.split : change.end]
    old, new = level_of(before), level_of(lately)
    return Trend(
        measure=measure,
        points=tuple(points),
        direction=Direction.MORE if new > old else Direction.FEWER,
        visits=len(visits),
        usual=_range(old, _noise_around(before, lately, scale), scale),
        usual_from=before[0].when,
        before=scale.back(old),
        lately=scale.back(new),
        since=lately[0].when,
    )


def visits_of(points: Sequence[Point], scale: Scale) -> list[Visit]:
    """The comparable points, oldest first; repeats, and photos within ten minutes of a visit's first, are one visit."""
    visits: list[Visit] = []
    numbers: set[int] = set()
    for point in points:
        if point.differs:
            continue
        even = scale.even(point.value)
        if visits and (point.when - visits[-1].when <= REPEAT_WITHIN or point.repeat_of in numbers):
            visits[-1] = Visit(when=visits[-1].when, evens=(*visits[-1].evens, even))
            numbers.add(point.number)
        else:
            visits.append(Visit(when=point.when, evens=(even,)))
            numbers = {point.number}
    return visits


def noise_of(visits: Sequence[Visit], scale: Scale) -> Noise:
    """The spread of a person's visits, by their successive differences: a slow change hardly adds to it.

    Those are not independent of each other: they count for two thirds of their number. Two visits alone may differ
    by a change as well as by noise: they count for nothing.
    """
    evens = [visit.even for visit in visits]
    if len(evens) < NEEDED:
        return _weighed(0.0, 0, visits, scale)
    variance = fmean((later - earlier) ** 2 for earlier, later in itertools.pairwise(evens)) / 2
    freedom = max(1, 2 * (len(evens) - 1) // 3)
    return _weighed(variance * freedom, freedom, visits, scale)


def _noise_around(before: Sequence[Visit], lately: Sequence[Visit], scale: Scale) -> Noise:
    """The spread around two levels."""
    return _weighed(_squares(before) + _squares(lately), len(before) + len(lately) - 2, (*before, *lately), scale)


def _weighed(squares: float, freedom: int, visits: Sequence[Visit], scale: Scale) -> Noise:
    """Together with what is believed beforehand: the scale's noise, and before it the person's own repeats."""
    repeated = sum(len(visit.evens) - 1 for visit in visits)
    within = sum((even - visit.even) ** 2 for visit in visits for even in visit.evens)
    believed = (scale.photos * scale.noise**2 + within) / (scale.photos + repeated)
    trust = float(min(scale.photos + repeated, _MOST_TRUST))
    if freedom and squares / freedom > believed:
        trust *= believed / (squares / freedom)  # what this person's photos contradict counts for less
    spread = math.sqrt((squares + trust * believed) / (freedom + trust))
    return Noise(spread=max(spread, _LEAST_NOISE), freedom=max(1, round(freedom + trust)))


def _squares(visits: Sequence[Visit]) -> float:
    middle = fmean(visit.even for visit in visits)
    return sum((visit.even - middle) ** 2 for visit in visits)


def _newest_change(visits: Sequence[Visit], scale: Scale) -> Shift | None:
    """What the newest look found."""
    return list(looks(visits, scale))[-1]


def looks(visits: Sequence[Visit], scale: Scale) -> Iterator[Shift | None]:
    """What was told after each visit from the third on. Each fourth from the eighth on is looked at in whole.

    After a change the comparison starts anew at it: a new level becomes the usual one.
    """
    start, found = 0, None
    for count in range(NEEDED, len(visits) + 1):
        whole = count >= JUDGED_FROM and count % GROUP == 0
        split = count - min(GROUP, (count - start) // 2)
        first = max(start, split - _BEFORE)
        level = _LEVELS.get(count, _LATER_LEVEL) if whole else _GLARING_LEVEL
        changed = is_change(visits[first:split], visits[split:count], scale, level)
        shift = Shift(first=first, split=split, end=count) if changed else None
        if whole:
            start, found = (split if changed else start), shift
        yield shift or found


def is_change(before: Sequence[Visit], lately: Sequence[Visit], scale: Scale, level: float) -> bool:
    """Two tests, both to be passed: by what these visits alone say about noise, and with what is believed of it.

    The first keeps its level for any noise; the second keeps a few visits that happen to agree from claiming much.
    """
    freedom = len(before) + len(lately) - 2
    if not before or not lately or freedom < 1:
        return False
    apart = abs(level_of(lately) - level_of(before)) / math.sqrt(1 / len(before) + 1 / len(lately))
    alone = math.sqrt((_squares(before) + _squares(lately)) / freedom)
    noise = _noise_around(before, lately, scale)
    return apart > threshold(level, freedom) * alone and apart > threshold(level, noise.freedom) * noise.spread


def level_of(visits: Sequence[Visit]) -> float:
    return fmean(visit.even for visit in visits)


def _known_range(visits: Sequence[Visit], scale: Scale) -> tuple[float, float] | None:
    """As `_range`, by what little is known of noise so far; None where that leaves more open than was ever seen."""
    noise, evens = noise_of(visits, scale), [visit.even for visit in visits]
    if threshold(0.05, noise.freedom) * noise.spread > max(max(evens) - min(evens), _WIDE * scale.noise):
        return None
    return _range(level_of(visits), noise, scale)


def _range(level: float, noise: Noise, scale: Scale) -> tuple[float, float]:
    """Where nineteen of twenty photos fall by themselves; never beyond what there is."""
    reach = threshold(0.05, noise.freedom) * noise.spread
    return max(0.0, scale.back(level - reach)), min(scale.most, scale.back(level + reach))
