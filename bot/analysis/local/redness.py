"""How much redder than most of this person's own skin each place is: a map, its area and its strength."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Plane, blurred_within
from bot.analysis.local.skin import Skin
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE

_FULL: Final = 10.0  # a* (on evenly lit skin) above the person's own usual that is drawn fully red
_RED_FROM: Final = 6.0  # a* above it that counts as red: beyond what cheeks and forehead usually differ
_MOST_INTENSE: Final = 20.0  # a* above it that is 100 of 100
_SMOOTH_PX: Final = 1


@dataclass(frozen=True, kw_only=True)
class RedSkin:
    """`strength`: the straight face, 0..1. `area`: share of visible cheeks and T-zone, 0..1. `intensity`: 0..100.

    Lips are in `strength`, as they are in the vendor's maps, and in neither of the numbers.
    """

    strength: Plane
    area: float
    intensity: float


def redness_of(skin: Skin) -> RedSkin | None:
    """None where neither cheeks nor T-zone are visible."""
    where = skin.within(CHEEKS_AND_T_ZONE)
    if not where.any():
        return None
    drawn = skin.mask | skin.lips
    smooth = blurred_within(skin.even.a, drawn, _SMOOTH_PX)
    above = np.where(drawn, smooth - float(np.median(smooth[where])), 0)
    strength = np.clip(above / _FULL, 0, 1).astype(np.float32)
    red = where & (above >= _RED_FROM)
    return RedSkin(
        strength=strength,
        area=float(red.sum() / where.sum()),
        intensity=min(100.0, float(100 * above[red].mean() / _MOST_INTENSE)) if red.any() else 0.0,
    )
