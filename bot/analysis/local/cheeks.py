"""How red each cheek is by itself, so that what differs between the two stays the same in another light."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.analysis.local.colour import light_of, luminance_of
from bot.analysis.local.skin import Skin
from bot.skin.analysis import Sides, SkinZone

_LEAST_PX: Final = 200
_BURNT: Final = 250
_MOST_BURNT: Final = 0.2  # of a cheek
_EVENLY_LIT: Final = (0.1, 0.6)  # of a cheek from its darkest to its lightest: neither a strand's shadow nor shine
_PER_LOG: Final = 29.3  # a* on skin of L* 60 for ln(red/green): 27 to 32 on 46 of 48 portraits
_LEAST_LIGHT: Final = 0.0003  # the first step of 255


def cheeks_beside(skin: Skin, pixels: NDArray[np.uint8]) -> Sides:
    """In steps of a* on evenly lit skin. `pixels`: the straight face.

    By ln(red/green) in linear light: another exposure leaves it as it is, and a coloured lamp adds as much to one
    cheek as to the other. None for a cheek that is hidden, or burnt out by more than a fifth.
    """
    left, right = (_Cheek(skin, pixels, zone) for zone in (SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK))
    return Sides(left=left.redness, right=right.redness, seen=min(left.seen, right.seen))


class _Cheek:
    def __init__(self, skin: Skin, pixels: NDArray[np.uint8], zone: SkinZone) -> None:
        place = skin.zones.mask(zone)
        self._bare: NDArray[np.uint8] = pixels[skin.mask & place]
        self._burnt = int((pixels[place].max(axis=1, initial=0) >= _BURNT).sum())
        self._is_visible = zone in skin.visible
        self.seen = round(min(1.0, (len(self._bare) + self._burnt) / max(1, int(place.sum()))), 2)

    @property
    def redness(self) -> float | None:
        bare = len(self._bare)
        if not self._is_visible or bare < _LEAST_PX or self._burnt > _MOST_BURNT * (bare + self._burnt):
            return None
        light = np.maximum(light_of(self._evenly_lit), np.float32(_LEAST_LIGHT))
        return round(_PER_LOG * float(np.log(light[:, 0] / light[:, 1]).mean()), 2)

    @property
    def _evenly_lit(self) -> NDArray[np.uint8]:
        """What is burnt out is no skin to the mask, yet belongs to the lighter half, as in the cheeks' tone."""
        luminance = luminance_of(self._bare)
        of_bare = (len(self._bare) + self._burnt) / len(self._bare)
        low, high = np.quantile(luminance, [min(1.0, share * of_bare) for share in _EVENLY_LIT])
        lit: NDArray[np.uint8] = self._bare[(luminance >= low) & (luminance <= high)]
        return lit
