"""The skin under the eyes beside that of the cheeks: its colour and its lines, for a person's own trend."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Plane, blurred_within
from bot.analysis.local.skin import Skin
from bot.skin.analysis import SkinZone

_SIDES: Final = (
    (SkinZone.LEFT_UNDER_EYE, SkinZone.LEFT_CHEEK),
    (SkinZone.RIGHT_UNDER_EYE, SkinZone.RIGHT_CHEEK),
)
_BOTH: Final = frozenset(under for under, _ in _SIDES)
_CHEEKS: Final = frozenset(cheek for _, cheek in _SIDES)
_LEAST_APART_PX: Final = 60.0  # between the eyes, in the photo: below it furrows melt into the skin around them
_FURROW: Final = -2.0  # L*, on evenly lit skin, beside the skin around
_THIN_PX: Final = 1
_AROUND_PX: Final = 6


@dataclass(frozen=True, kw_only=True)
class UnderEyeSkin:
    """`colour`: how far a* and b* are from the cheeks', both sides together. `lines`: share that is furrow, 0..1.

    Either is None where not both sides are seen.
    """

    colour: float | None
    lines: float | None


def under_eyes_of(skin: Skin, *, apart_px: float) -> UnderEyeSkin:
    """`apart_px`: between the eyes, in the photo."""
    seen = skin.visible >= _BOTH
    return UnderEyeSkin(
        colour=_colour(skin) if seen and skin.visible >= _CHEEKS else None,
        lines=_lines(skin) if seen and apart_px >= _LEAST_APART_PX else None,
    )


def _colour(skin: Skin) -> float:
    return math.hypot(*(_beside_cheeks(plane, skin) for plane in (skin.even.a, skin.even.b)))


def _beside_cheeks(plane: Plane, skin: Skin) -> float:
    """The mean of both sides: a lamp from the left makes up for itself."""
    sides = [
        float(np.median(plane[skin.within(frozenset({under}))]) - np.median(plane[skin.within(frozenset({cheek}))]))
        for under, cheek in _SIDES
    ]
    return sum(sides) / len(sides)


def _lines(skin: Skin) -> float:
    lightness = skin.even.lightness
    thin = blurred_within(lightness, skin.mask, _THIN_PX) - blurred_within(lightness, skin.mask, _AROUND_PX)
    return float((thin[skin.within(_BOTH)] < _FURROW).mean())
