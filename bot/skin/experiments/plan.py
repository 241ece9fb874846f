"""A plan: what is compared with what, for how long, in which order; drawn by lot, and sealed by its fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from random import Random
from types import MappingProxyType
from typing import Final

from bot.skin.analysis import Judged, Provider


class Design(StrEnum):
    """HALF_FACE: one cheek gets it, the other is the control. ON_OFF: weeks with it and weeks without it."""

    HALF_FACE = "half_face"
    ON_OFF = "on_off"


class Arm(StrEnum):
    WITHOUT = "without"
    WITH = "with"


class FaceSide(StrEnum):
    """The person's own left and right, never the picture's."""

    LEFT = "left"
    RIGHT = "right"


class Finds(StrEnum):
    """The smallest benefit that a plan finds in four of five people whose skin does not change by itself.

    SMALL: half of what one would notice, where photos of the same skin differ as much. MIDDLE: what one just notices,
    or half as far again as photos differ. BIG: twice what one notices, or twice as far as photos differ. VERY_BIG: of
    ten pimples on each cheek hardly one is left.
    """

    SMALL = "small"
    MIDDLE = "middle"
    BIG = "big"
    VERY_BIG = "very_big"


@dataclass(frozen=True, kw_only=True)
class Offered:
    """A kind of plan that people may choose.

    Half face only: `baseline`, weeks without it in the beginning; `settling`, the weeks after these, in which it is
    used and no photo counts, for it may be slow.
    """

    judged: Judged
    design: Design
    weeks: int
    baseline: int = 0
    settling: int = 0
    photos_a_week: int
    finds: Finds


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`order`: an arm for each week of the whole plan. `treated`: the cheek that gets it, half face only.

    `settling`: how many of the first weeks with it have no photos.
    """

    design: Design
    judged: Judged
    treated: FaceSide | None
    order: tuple[Arm, ...]
    photos_a_week: int
    settling: int = 0

    @property
    def weeks(self) -> int:
        return len(self.order)

    def settles(self, week: int) -> bool:
        """Whether no photo of that week counts: what is slow has only begun to work."""
        if not self.settling:
            return False
        return 0 <= week - self.order.index(Arm.WITH) < self.settling


def _half_face(
    judged: Judged, photos_a_week: int, finds: Finds, *, before: int, settling: int, counted: int
) -> Offered:
    """`counted`: the weeks with it that have photos."""
    return Offered(
        judged=judged,
        design=Design.HALF_FACE,
        weeks=before + settling + counted,
        baseline=before,
        settling=settling,
        photos_a_week=photos_a_week,
        finds=finds,
    )


def _on_off(judged: Judged, weeks: int, photos_a_week: int, finds: Finds) -> Offered:
    return Offered(judged=judged, design=Design.ON_OFF, weeks=weeks, photos_a_week=photos_a_week, finds=finds)


PLANS: Final = (
    _half_face(Judged.REDNESS, 4, Finds.MIDDLE, before=3, settling=1, counted=4),
    _half_face(Judged.REDNESS, 7, Finds.SMALL, before=4, settling=0, counted=4),
    _half_face(Judged.REDNESS, 4, Finds.MIDDLE, before=4, settling=2, counted=6),
    _half_face(Judged.REDNESS, 7, Finds.SMALL, before=4, settling=2, counted=6),
    _on_off(Judged.REDNESS, 8, 4, Finds.BIG),
    _on_off(Judged.REDNESS, 12, 4, Finds.MIDDLE),
    _half_face(Judged.PIMPLES, 2, Finds.VERY_BIG, before=4, settling=2, counted=6),
    _on_off(Judged.PIMPLES, 12, 2, Finds.VERY_BIG),
)
"""What each finds is simulated, not guessed: docs/experiments.md.

Pimples stay for weeks: eight weeks are too few for them, and more photos of the same week show the same ones.
"""

_JUDGED_BY: Final[Mapping[Provider, tuple[Judged, ...]]] = MappingProxyType(
    {Provider.LOCAL: (Judged.REDNESS,), Provider.AILAB: (Judged.PIMPLES,)}
)


def judged_by(provider: Provider) -> tuple[Judged, ...]:
    """What an experiment can be judged by where that analyzer measures; the same for either design."""
    return _JUDGED_BY[provider]


def offered_for(judged: Judged, design: Design) -> tuple[Offered, ...]:
    return tuple(offered for offered in PLANS if (offered.judged, offered.design) == (judged, design))


def drawn(offered: Offered, lot: Random) -> Plan:
    """By lot: which cheek gets it; or which week of each pair, each order in half of the pairs.

    As many pairs begin with it as without it, so that what changes slowly weighs on both alike.
    """
    if offered.design is Design.HALF_FACE:
        treated = lot.choice(list(FaceSide))
        order = [Arm.WITHOUT] * offered.baseline + [Arm.WITH] * (offered.weeks - offered.baseline)
    else:
        treated = None
        pairs = offered.weeks // 2
        firsts = [Arm.WITH, Arm.WITHOUT] * (pairs // 2) + ([lot.choice(list(Arm))] if pairs % 2 else [])
        lot.shuffle(firsts)
        order = [arm for first in firsts for arm in (first, _other(first))]
    return Plan(
        design=offered.design,
        judged=offered.judged,
        treated=treated,
        order=tuple(order),
        photos_a_week=offered.photos_a_week,
        settling=offered.settling,
    )


def _other(arm: Arm) -> Arm:
    return Arm.WITHOUT if arm is Arm.WITH else Arm.WITH


def fingerprint(plan: Plan, what: str, began_on: date) -> str:
    """SHA-256 of the whole plan, of what is tried and of the first day: nobody can bend it later unseen."""
    told = {**asdict(plan), "what": what, "began_on": began_on.isoformat()}
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
