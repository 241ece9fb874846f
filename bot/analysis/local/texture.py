"""How rough and how lined the skin looks, zone by zone: for the same person's own trend, and for nothing else."""

from collections.abc import Mapping
from typing import Final

from bot.analysis.local.planes import Plane, blurred_within
from bot.analysis.local.skin import Skin
from bot.skin.analysis import SkinZone, Texture

_LEAST_APART_PX: Final = 180.0  # between the eyes, in the photo: below it fine texture is not in the pixels
_LEAST_SHARPNESS: Final = 0.55  # L*: a soft photo looks smooth whatever the skin is


def textures_of(skin: Skin, *, apart_px: float) -> Mapping[SkinZone, Texture]:
    """Empty where the photo is too small or too soft for it."""
    if apart_px < _LEAST_APART_PX:
        return {}
    lightness = skin.lab.lightness
    fine = lightness - blurred_within(lightness, skin.mask, 2)
    if sharpness_of(fine, skin) < _LEAST_SHARPNESS:
        return {}
    coarse = blurred_within(lightness, skin.mask, 1) - blurred_within(lightness, skin.mask, 6)
    return {zone: _texture(fine, coarse, skin, zone) for zone in SkinZone if zone in skin.visible}


def sharpness_of(fine: Plane, skin: Skin) -> float:
    """How much the finest detail of the skin varies, L*."""
    return float(fine[skin.mask].std()) if skin.mask.any() else 0.0


def _texture(fine: Plane, coarse: Plane, skin: Skin, zone: SkinZone) -> Texture:
    where = skin.mask & skin.zones.mask(zone)
    return Texture(roughness=round(float(fine[where].std()), 3), lines=round(float((coarse[where] < -2.0).mean()), 4))
