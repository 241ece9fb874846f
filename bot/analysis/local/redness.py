"""How much redder than most of this person's own skin each place is: a map, its area, its reddest part and the nose."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Mask, Plane, blurred_within, weighed_quantile
from bot.analysis.local.skin import Skin
from bot.analysis.local.zones import CHEEKS_AND_T_ZONE, beside_glasses
from bot.skin.analysis import SkinZone

_FULL: Final = 10.0  # a* (on evenly lit skin) above the person's own usual that is drawn fully red
_RED_FROM: Final = 6.0  # a* above it that counts as red: beyond what cheeks and forehead usually differ
_BUT_THE_REDDEST: Final = 0.95
_SMOOTH_PX: Final = 1
_LIT_ALIKE_PX: Final = 40  # over so much of a face, 17 mm to each side, light is about the same
_EVEN_LIGHTNESS: Final = 60.0
_BELOW_BLACK: Final = 16.0  # counted from there, a* grows as L* does with the light
_LEAST_LIGHTNESS: Final = 20.0
_NOSE: Final = frozenset({SkinZone.NOSE})
_CHEEKS: Final = frozenset({SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK})


@dataclass(frozen=True, kw_only=True)
class RedSkin:
    """`strength`: the straight face, 0..1; no lips, nostrils or eyes. `area`: share of visible cheeks and T-zone, 0..1.

    Where glasses sit nothing counts as red, with or without them: rims and their shadow would make it so.
    `reddest`: a* above the usual from which on the reddest twentieth of the rest lies. `nose`: a* of the nose above the
    cheeks', None where not all three are seen.
    """

    strength: Plane
    area: float
    reddest: float
    nose: float | None


def redness_of(skin: Skin) -> RedSkin | None:
    """None where neither cheeks nor T-zone are visible, or no more of them than where glasses sit."""
    weights = np.where(skin.within(CHEEKS_AND_T_ZONE), beside_glasses(), 0)
    where = weights > 0
    if not where.any():
        return None
    above, counts = above_usual(skin, where), weights[where]
    red = float(counts[above[where] >= _RED_FROM].sum() / counts.sum())
    return RedSkin(
        strength=np.clip(above / _FULL, 0, 1).astype(np.float32),
        area=red * float(beside_glasses()[skin.zones.masks(CHEEKS_AND_T_ZONE)].mean()),
        reddest=weighed_quantile(above[where], counts, _BUT_THE_REDDEST),
        nose=_nose_above_cheeks(skin),
    )


def above_usual(skin: Skin, where: Mask) -> Plane:
    """a* of all skin above the usual of that `where`, beside where glasses sit; 0 of what is none.

    Each place counts as if it were lit as all are: what a shadow takes of the light, it takes of a* too.
    """
    around = np.maximum(blurred_within(skin.even.lightness, skin.mask, _LIT_ALIKE_PX), _LEAST_LIGHTNESS)
    even = np.asarray(skin.even.a * ((_EVEN_LIGHTNESS + _BELOW_BLACK) / (around + _BELOW_BLACK)), dtype=np.float32)
    smooth = blurred_within(even, skin.mask, _SMOOTH_PX)
    usual = weighed_quantile(smooth[where], beside_glasses()[where], 0.5)
    return np.where(skin.mask, smooth - usual, 0).astype(np.float32)


def _nose_above_cheeks(skin: Skin) -> float | None:
    if not skin.visible >= _NOSE | _CHEEKS:
        return None
    nose, cheeks = (skin.even.a[skin.within(zones)] for zones in (_NOSE, _CHEEKS))
    return float(nose.mean() - cheeks.mean())
