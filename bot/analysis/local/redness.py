"""How much redder than most of this person's own skin each place is: a map, its area, its reddest part and the nose."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Mask, Plane, blurred_within
from bot.analysis.local.skin import Skin
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE
from bot.skin.analysis import SkinZone

_FULL: Final = 10.0  # a* (on evenly lit skin) above the person's own usual that is drawn fully red
_RED_FROM: Final = 6.0  # a* above it that counts as red: beyond what cheeks and forehead usually differ
_BUT_THE_REDDEST: Final = 95  # percent
_SMOOTH_PX: Final = 1
_NOSE: Final = frozenset({SkinZone.NOSE})
_CHEEKS: Final = frozenset({SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK})


@dataclass(frozen=True, kw_only=True)
class RedSkin:
    """`strength`: the straight face, 0..1; no lips, nostrils or eyes. `area`: share of visible cheeks and T-zone, 0..1.

    `reddest`: a* above the usual from which on the reddest twentieth of these lies. `nose`: a* of the nose above the
    cheeks', None where not all three are seen.
    """

    strength: Plane
    area: float
    reddest: float
    nose: float | None


def redness_of(skin: Skin) -> RedSkin | None:
    """None where neither cheeks nor T-zone are visible."""
    where = skin.within(CHEEKS_AND_T_ZONE)
    if not where.any():
        return None
    above = above_usual(skin, where)
    return RedSkin(
        strength=np.clip(above / _FULL, 0, 1).astype(np.float32),
        area=float((above[where] >= _RED_FROM).mean()),
        reddest=float(np.percentile(above[where], _BUT_THE_REDDEST)),
        nose=_nose_above_cheeks(skin),
    )


def above_usual(skin: Skin, where: Mask) -> Plane:
    """a* of all skin above the usual of that `where`; 0 of what is none."""
    smooth = blurred_within(skin.even.a, skin.mask, _SMOOTH_PX)
    return np.where(skin.mask, smooth - float(np.median(smooth[where])), 0).astype(np.float32)


def _nose_above_cheeks(skin: Skin) -> float | None:
    if not skin.visible >= _NOSE | _CHEEKS:
        return None
    nose, cheeks = (skin.even.a[skin.within(zones)] for zones in (_NOSE, _CHEEKS))
    return float(nose.mean() - cheeks.mean())
