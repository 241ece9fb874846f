"""What a person said of a report is none of theirs, so that it is not told of their next photos again.

A spot is known again by its place in the square of the face: 0 to 1 from its left and its top. What has no place is
known by its key. What has become more than it was is told again: a mole that grows must not be hidden by a tap.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.skin.analysis import Analysis, Box, MarkKind, Provider
from bot.skin.findings import findings
from bot.skin.report import Finding, Severity

MOST: Final = 300  # things that are remembered of one person, the newest

# The square stays upright when a head is held a little to a side: what is far from the eyes moves by that.
_NEAR: Final = 0.03  # of the face's side; about 4 mm
_TURNED: Final = 0.09  # radians; some 5 degrees
_BETWEEN_THE_EYES: Final = (0.5, 0.16)
_GROWN: Final = 1.6
_LEAST_SIDE: Final = 0.02  # boxes of a few pixels differ by more than a third from photo to photo
_MORE_REDNESS: Final = 0.05
_TOO_MUCH_REDNESS: Final = 0.30  # is told whatever was said before: somebody should look at it
_MARKS: Final = frozenset[str](MarkKind)
_LEVELS: Final = {Severity.MILD: 1.0, Severity.PRESENT: 1.0, Severity.MODERATE: 2.0, Severity.STRONG: 3.0}


@dataclass(frozen=True, kw_only=True)
class NotTheirs:
    """One thing. `x`, `y`: its middle, `side`: its longer side, in faces; None for what has no place.

    `level`: how much there was of what has none. Places of two analyzers don't compare: their squares differ.
    """

    key: str
    provider: Provider
    x: float | None = None
    y: float | None = None
    side: float | None = None
    level: float | None = None

    def is_same(self, other: "NotTheirs") -> bool:
        """The same thing of the same face, in another photo of it too."""
        if (self.key, self.provider) != (other.key, other.provider):
            return False
        if self.x is None or self.y is None or other.x is None or other.y is None:
            return self.x is None and other.x is None
        from_eyes = math.hypot(self.x - _BETWEEN_THE_EYES[0], self.y - _BETWEEN_THE_EYES[1])
        return math.hypot(self.x - other.x, self.y - other.y) <= _NEAR + _TURNED * from_eyes

    def covers(self, other: "NotTheirs") -> bool:
        """The same, and no more of it than there was."""
        if not self.is_same(other):
            return False
        if self.side is not None and other.side is not None:
            return max(other.side, _LEAST_SIDE) <= _GROWN * max(self.side, _LEAST_SIDE)
        return self.level is None or other.level is None or other.level <= self.level + _room(other)


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """What of a new photo was called not theirs before: `keys` as a whole, and `boxes` beside others of their kind."""

    keys: frozenset[str] = frozenset()
    boxes: tuple[NotTheirs, ...] = ()


def named_in(analysis: Analysis, keys: Collection[str]) -> tuple[NotTheirs, ...]:
    """What is remembered when these findings of a report are called not theirs."""
    return tuple(thing for thing in _things(analysis) if thing.key in keys)


def recognised(analysis: Analysis, known: Collection[NotTheirs]) -> Recognised:
    """What is known in this photo."""
    things = list(_things(analysis))
    again = [thing for thing in things if any(each.covers(thing) for each in known)]
    whole = frozenset(thing.key for thing in again) - {thing.key for thing in things if thing not in again}
    return Recognised(keys=whole, boxes=tuple(thing for thing in again if thing.key not in whole))


def without(analysis: Analysis, left_out: Collection[NotTheirs]) -> Analysis:
    """The analysis without those boxes; a kind of which all are left out stays as it is: it is called untrue whole."""
    if not left_out or analysis.face is None:
        return analysis
    marks = dict(analysis.marks)
    for kind in {thing.key for thing in left_out}.intersection(marks):
        kept = tuple(
            box
            for box in marks[MarkKind(kind)]
            if not any(each.covers(_thing(MarkKind(kind), box, analysis.face, analysis.provider)) for each in left_out)
        )
        marks[MarkKind(kind)] = kept or marks[MarkKind(kind)]
    return replace(analysis, marks=marks)


def with_these(known: Sequence[NotTheirs], new: Iterable[NotTheirs]) -> tuple[NotTheirs, ...]:
    """All of them, each thing as it was seen last; the oldest go when there are too many."""
    added = tuple(new)
    kept = (each for each in known if not any(each.is_same(thing) for thing in added))
    return (*kept, *added)[-MOST:]


def without_these(known: Sequence[NotTheirs], gone: Collection[NotTheirs]) -> tuple[NotTheirs, ...]:
    """Without what is the same thing as one of those."""
    return tuple(each for each in known if not any(each.is_same(thing) for thing in gone))


def _things(analysis: Analysis) -> Iterator[NotTheirs]:
    """What was seen, thing by thing; boxes of a face that was not found have no place, and are nothing to go by."""
    for finding in findings(analysis):
        if not finding.seen or finding.key == "skin_type":
            continue
        if finding.key not in _MARKS:
            yield NotTheirs(key=finding.key, provider=analysis.provider, level=_level(finding))
        elif analysis.face is not None and analysis.face.width > 0 and analysis.face.height > 0:
            kind = MarkKind(finding.key)
            for box in analysis.marks[kind]:
                yield _thing(kind, box, analysis.face, analysis.provider)


def _thing(kind: MarkKind, box: Box, face: Box, provider: Provider) -> NotTheirs:
    x, y = box.centre
    return NotTheirs(
        key=kind.value,
        provider=provider,
        x=round((x - face.left) / face.width, 4),
        y=round((y - face.top) / face.height, 4),
        side=round(max(box.width, box.height) / face.width, 4),
    )


def _level(finding: Finding) -> float:
    return _LEVELS[finding.severity] if finding.share is None else round(finding.share, 4)


def _room(thing: NotTheirs) -> float:
    """How much more of it is still the same; less than none, so that it is told, for very much redness."""
    if thing.key != "sensitivity" or thing.level is None:
        return 0.0
    return _MORE_REDNESS if thing.level < _TOO_MUCH_REDNESS else -1.0
