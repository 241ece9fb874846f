"""How much redder than most of this person's own skin each place is: a map, its area and its strength."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Plane, blurred_within
from bot.analysis.local.skin import Skin
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE

_FULL: Final = 16.0  # a* above the person's own usual that is drawn fully red
_RED_FROM: Final = 8.0  # a* above it that counts as red: beyond what cheeks differ from foreheads
_SMOOTH_PX: Final = 1


@dataclass(frozen=True, kw_only=True)
class RedSkin:
    """`strength`: the straight face, 0..1. `area`: share of visible cheeks and T-zone, 0..1. `intensity`: 0..100."""

    strength: Plane
    area: float
    intensity: float


def redness_of(skin: Skin) -> RedSkin | None:
    """None where neither cheeks nor T-zone are visible."""
    where = skin.within(CHEEKS_AND_T_ZONE)
    if not where.any():
        return None
    smooth = blurred_within(skin.lab.a, skin.mask, _SMOOTH_PX)
    above = np.where(skin.mask, smooth - float(np.median(smooth[skin.mask])), 0)
    strength = np.clip(above / _FULL, 0, 1).astype(np.float32)
    red = where & (above >= _RED_FROM)
    return RedSkin(
        strength=strength,
        area=float(red.sum() / where.sum()),
        intensity=float(100 * strength[red].mean()) if red.any() else 0.0,
    )
