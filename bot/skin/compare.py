"""Two reports side by side: first what about the photos differs, then what about the skin, beyond what photos do."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.skin.measures import Measure, scale_of
from bot.skin.scene import Differs, Scene, differences
from bot.skin.student import threshold
from bot.skin.trend import Noise

_A_MONTH: Final = timedelta(days=30)
_ABOUT: Final = timedelta(days=10)
_FALSE_CLAIMS: Final = 0.05  # at most, over all measures of one comparison


class Change(StrEnum):
    """NEW and GONE: there was nothing of it in one of the two photos, and the change is more than noise."""

    NEW = "new"
    GONE = "gone"
    MORE = "more"
    FEWER = "fewer"
    STEADY = "steady"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What one report has that can be set beside another's; `scene` is None where the photo's light was not kept."""

    number: int
    when: datetime
    measures: Mapping[Measure, float]
    scene: Scene | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One measure in both, in its own unit."""

    measure: Measure
    before: float
    after: float
    change: Change


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`differs`: why the photos don't compare; None when that is not known. `differences`: changes first."""

    before: Snapshot
    after: Snapshot
    differs: frozenset[Differs] | None
    differences: tuple[Difference, ...]

    @property
    def changes(self) -> tuple[Difference, ...]:
        return tuple(each for each in self.differences if each.change is not Change.STEADY)

    @property
    def steady(self) -> tuple[Difference, ...]:
        """What is there in at least one of the two, and did not change beyond noise."""
        return tuple(
            each for each in self.differences if each.change is Change.STEADY and (each.before > 0 or each.after > 0)
        )


def compare(before: Snapshot, after: Snapshot, noise: Mapping[Measure, Noise]) -> Comparison:
    """What the later of two reports has that the earlier had not, and the other way round.

    `noise`: the person's own, by measure; what is not in it is not compared.
    """
    both = [measure for measure in Measure if measure in before.measures and measure in after.measures]
    told = [measure for measure in both if measure in noise]
    found = [
        Difference(
            measure=measure,
            before=before.measures[measure],
            after=after.measures[measure],
            change=_change(measure, before, after, noise[measure], level=_FALSE_CLAIMS / len(told)),
        )
        for measure in told
    ]
    return Comparison(
        before=before,
        after=after,
        differs=differences(before.scene, after.scene) if before.scene and after.scene else None,
        differences=tuple(sorted(found, key=lambda each: each.change is Change.STEADY)),
    )


class Beside(StrEnum):
    """Which earlier report stands beside a later one."""

    FIRST = "first"
    A_MONTH_AGO = "a_month_ago"
    LAST = "last"


def whole_span(snapshots: Sequence[Snapshot]) -> tuple[Snapshot, Snapshot] | None:
    """The newest report that compares with an earlier one, and the first of those; else simply the two newest.

    Oldest first.
    """
    if len(snapshots) < 2:
        return None
    for place in range(len(snapshots) - 1, 0, -1):
        fitting = _comparable(snapshots[:place], snapshots[place])
        if fitting:
            return fitting[0], snapshots[place]
    return snapshots[-2], snapshots[-1]


def spans(snapshots: Sequence[Snapshot], *, apart: timedelta) -> Iterator[tuple[Snapshot, Snapshot]]:
    """Pairs that compare and lie that far apart, the newest beside the first such before all. Oldest first."""
    for place in range(len(snapshots) - 1, 0, -1):
        after = snapshots[place]
        for before in _comparable(snapshots[:place], after):
            if after.when - before.when >= apart:
                yield before, after


def beside(snapshots: Sequence[Snapshot], after: Snapshot) -> dict[Beside, Snapshot]:
    """The earlier reports that compare with that one and are worth a button, each once."""
    fitting = _comparable([each for each in snapshots if each.when < after.when], after)
    if not fitting:
        return {}
    a_month_ago = min(fitting, key=lambda each: abs(after.when - each.when - _A_MONTH))
    named = {Beside.FIRST: fitting[0], Beside.LAST: fitting[-1]}
    if abs(after.when - a_month_ago.when - _A_MONTH) <= _ABOUT:
        named[Beside.A_MONTH_AGO] = a_month_ago
    seen: set[int] = set()
    worth = {}
    for which in Beside:
        if which in named and named[which].number not in seen:
            seen.add(named[which].number)
            worth[which] = named[which]
    return worth


def _comparable(earlier: Sequence[Snapshot], after: Snapshot) -> list[Snapshot]:
    return [each for each in earlier if _alike(each, after)]


def _alike(one: Snapshot, other: Snapshot) -> bool:
    return one.scene is not None and other.scene is not None and not differences(one.scene, other.scene)


def _change(measure: Measure, before: Snapshot, after: Snapshot, noise: Noise, *, level: float) -> Change:
    old, new = before.measures[measure], after.measures[measure]
    scale = scale_of(measure)
    apart = scale.even(new) - scale.even(old)
    if abs(apart) <= threshold(level, noise.freedom) * noise.spread * math.sqrt(2):
        return Change.STEADY
    if apart > 0:
        return Change.NEW if old == 0 else Change.MORE
    return Change.GONE if new == 0 else Change.FEWER
