"""The story so far: what became of a person's skin from their first comparable photos to the newest, in one line.

It is told as sure where the trend's own rule (`trend.py`) claimed a change after some photo, and the newest are not
halfway back from it: chance alone makes it as seldom as it makes the trend claim one. Where a change is nearly clear it
is told as not sure; what that costs is measured in tests/unit/skin/test_story.py.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.skin.measures import UNITS, Followed, Measure, Unit, scale_of
from bot.skin.trend import GROUP, NEEDED, Point, Shift, Visit, is_change, level_of, looks, visits_of

_NEARLY: Final = 0.10  # by chance, over all measures together
_NEWEST: Final = (4, 2, 1)  # how many of the newest may look different, the surest first


@dataclass(frozen=True, kw_only=True)
class Story:
    """`before` and `lately`: in the first photo and in the newest, in the measure's own unit.

    Where these two by chance say something else than the first photos and the newest together, the levels of those.
    `since`: of the first one. `sure`: the trend's own rule says so.
    """

    measure: Followed
    since: datetime
    before: float
    lately: float
    sure: bool
    weight: float

    @property
    def less(self) -> bool:
        """Less of it than there was: of each measure that is the better way."""
        return self.lately < self.before

    @property
    def unit(self) -> Unit:
        return UNITS[self.measure]


def story_of(points: Mapping[Measure, Sequence[Point]]) -> Story | None:
    """What is most clearly different, sure before nearly sure; None where there is nothing to tell (yet)."""
    told = {measure: found for measure, found in points.items() if any(point.value > 0 for point in found)}
    found = [since_start(measure, told[measure], among=len(told)) for measure in told]
    stories = [each for each in found if each is not None]
    return max(stories, key=lambda each: (each.sure, each.weight), default=None)


def since_start(measure: Followed, points: Sequence[Point], *, among: int = 1) -> Story | None:
    """The story of one measure of so many, by one instrument's reports, oldest first; None for no clear change."""
    scale = scale_of(measure)
    visits = visits_of(points, scale)
    if len(visits) < NEEDED:
        return None
    newest = min(GROUP, len(visits) // 2)
    claimed = next((shift for shift in looks(visits, scale) if shift is not None), None)
    sure = claimed is not None and _holds(claimed, visits, newest)
    if claimed is not None and sure:
        before, lately = visits[claimed.first : claimed.split], visits[-newest:]
    else:
        sizes = [size for size in _NEWEST if size <= newest]
        level = _NEARLY / max(1, among) / len(sizes)
        fitting = [size for size in sizes if is_change(visits[:-size], visits[-size:], scale, level)]
        if not fitting:
            return None
        before, lately = visits[: -fitting[0]], visits[-fitting[0] :]
    old, new = level_of(before), level_of(lately)
    apart = abs(new - old) / math.sqrt(1 / len(before) + 1 / len(lately)) / scale.noise
    for one, other in ((visits[0].even, visits[-1].even), (old, new)):
        story = Story(
            measure=measure,
            since=visits[0].when,
            before=scale.back(one),
            lately=scale.back(other),
            sure=sure,
            weight=apart,
        )
        if (other < one) == (new < old) and _shows(story):
            return story
    return None


def _holds(claimed: Shift, visits: Sequence[Visit], newest: int) -> bool:
    """Whether the newest visits, and the very last one, are still where the first change led: not halfway back."""
    old = level_of(visits[claimed.first : claimed.split])
    then = level_of(visits[claimed.split : claimed.end]) - old
    now = (level_of(visits[-newest:]) - old, visits[-1].even - old)
    return all(then * each > 0 and abs(each) >= abs(then) / 2 for each in now)


def celebrates(story: Story | None, told_before: Collection[str]) -> bool:
    """Whether a change for the better is told for the first time."""
    return story is not None and story.sure and story.less and story.measure not in told_before


def _shows(story: Story) -> bool:
    """Two numbers that read the same are no story."""
    digits = {Unit.SHARE: 2, Unit.DEGREE: 0}.get(story.unit, 0)
    return round(story.before, digits) != round(story.lately, digits)
