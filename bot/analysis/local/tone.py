"""The colour of the skin as two angles, in this photo's light, with the contract's classes."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.skin import Skin
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE
from bot.skin.analysis import SkinZone

_ITA_STEPS: Final = (56.0, 43.0, 36.0, 20.0, 10.0)  # above the first is class 0, below the last class 5
_HUE_STEPS: Final = (49.0, 46.0, 10.0)
_UNREADABLE_ITA: Final = 6
_UNREADABLE_HUE: Final = 3
_TONED: Final = CHEEKS_AND_T_ZONE | {SkinZone.CHIN}
_READABLE_LIGHTNESS: Final = (8.0, 95.0)


@dataclass(frozen=True, kw_only=True)
class ToneAngles:
    """Degrees, and the contract's class numbers."""

    ita: float
    ita_class: int
    hue: float
    hue_class: int


def tone_of(skin: Skin) -> ToneAngles | None:
    """None where no skin is visible."""
    where = skin.within(_TONED)
    if not where.any():
        return None
    lightness, a, b = (float(np.median(plane[where])) for plane in (skin.lab.lightness, skin.lab.a, skin.lab.b))
    ita = math.degrees(math.atan2(lightness - 50, b)) if b > 0 else math.copysign(90.0, lightness - 50)
    hue = min(90.0, max(0.0, math.degrees(math.atan2(b, a))))
    readable = _READABLE_LIGHTNESS[0] < lightness < _READABLE_LIGHTNESS[1]
    return ToneAngles(
        ita=ita,
        ita_class=sum(ita <= step for step in _ITA_STEPS) if readable else _UNREADABLE_ITA,
        hue=hue,
        hue_class=_hue_class(hue) if readable and a > 0 and b > 0 else _UNREADABLE_HUE,
    )


def _hue_class(hue: float) -> int:
    if hue > _HUE_STEPS[0]:
        return 0
    return sum(hue < step for step in _HUE_STEPS[1:]) + 1
