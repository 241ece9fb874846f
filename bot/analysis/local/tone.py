"""The colour of the cheeks as two angles, with the contract's classes. What shines, like foreheads, reads too light."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.analysis.local.colour import lab_of_light, light_of, luminance_of
from bot.analysis.local.eyes import Whites
from bot.analysis.local.paper import PaperSheet
from bot.analysis.local.planes import Plane
from bot.analysis.local.skin import Skin
from bot.skin.analysis import Paper, SkinZone, ToneLight

_ITA_STEPS: Final = (56.0, 43.0, 36.0, 20.0, 10.0)  # above the first is class 0, below the last class 5
_HUE_STEPS: Final = (49.0, 46.0, 10.0)
_UNREADABLE_ITA: Final = 6
_UNREADABLE_HUE: Final = 3
_CHEEKS: Final = frozenset({SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK})
_LEAST_PX: Final = 200
_BURNT: Final = 250
_MOST_BURNT: Final = 0.2  # of the cheeks
_MIDDLE: Final = 0.15  # of the cheeks to each side of their middle lightness: neither shine nor shadow
_READABLE_LIGHTNESS: Final = (28.0, 95.0)  # of the middle; below, a photo is too dark to tell any skin by
_LEAST_YELLOW: Final = 5.0  # b*: an angle from less is the camera's, any skin in usual light has more
_HALF: Final = 0.5  # people's whites differ too: over days, half of the correction leaves the hue steadiest


_Lab = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class ToneAngles:
    """Degrees, and the contract's class numbers; `light`: by what the photo's light was allowed for."""

    ita: float
    ita_class: int
    hue: float
    hue_class: int
    light: ToneLight


def tone_of(cheeks: Plane, *, whites: Whites | None, sheet: PaperSheet | None) -> ToneAngles | None:
    """`cheeks`: see `cheeks_of`. None where they are too dark or next to colourless."""
    lightness, a, b = _lab(cheeks)
    if not _READABLE_LIGHTNESS[0] < lightness < _READABLE_LIGHTNESS[1]:
        return None
    if sheet is not None and sheet.verdict is Paper.USED:
        shown = _lab(cheeks / sheet.lamp)
        return _angles(shown, shown, ToneLight.PAPER)
    if a <= 0 or b <= 0:
        return _unreadable(lightness, a, b)
    if b < _LEAST_YELLOW:
        return None
    trust = 0.0 if whites is None else whites.trusted(cheeks)
    cast = np.ones(3, dtype=np.float32) if whites is None else whites.cast
    balanced, half = (_lab(cheeks / cast ** np.float32(strength * trust)) for strength in (1, _HALF))
    return _angles(balanced, half, ToneLight.EYES if trust >= _HALF else ToneLight.PHOTO)


def cheeks_of(skin: Skin, pixels: NDArray[np.uint8]) -> Plane | None:
    """Their colour, linear red, green and blue, at the middle lightness of all of them. `pixels`: the straight face.

    None where they are hidden or burnt out. What is burnt out is no skin to the mask, yet belongs to the lighter half:
    else a brighter lamp would leave the darker skin only.
    """
    mask = skin.within(_CHEEKS)
    if mask.sum() < _LEAST_PX:
        return None
    burnt = int((pixels[skin.zones.masks(_CHEEKS)].max(axis=1) >= _BURNT).sum())
    seen = int(mask.sum())
    if burnt > _MOST_BURNT * (seen + burnt):
        return None
    colours = pixels[mask]
    luminance = luminance_of(colours)
    middle = (seen + burnt) / 2 / seen
    low, high = np.quantile(luminance, (middle - _MIDDLE, min(1.0, middle + _MIDDLE)))
    usual = light_of(colours[(luminance >= low) & (luminance <= high)])
    return np.asarray(np.median(usual, axis=0))


def _angles(for_ita: _Lab, for_hue: _Lab, light: ToneLight) -> ToneAngles:
    ita, hue = _ita(for_ita[0], for_ita[2]), _hue(*for_hue[1:])
    return ToneAngles(
        ita=ita, ita_class=sum(ita <= step for step in _ITA_STEPS), hue=hue, hue_class=_hue_class(hue), light=light
    )


def _unreadable(lightness: float, a: float, b: float) -> ToneAngles:
    """Under a coloured lamp: the contract's classes for it."""
    return ToneAngles(
        ita=_ita(lightness, b),
        ita_class=_UNREADABLE_ITA,
        hue=_hue(a, b),
        hue_class=_UNREADABLE_HUE,
        light=ToneLight.PHOTO,
    )


def _lab(light: Plane) -> _Lab:
    lab = lab_of_light(light)
    return float(lab.lightness), float(lab.a), float(lab.b)


def _ita(lightness: float, b: float) -> float:
    return math.degrees(math.atan2(lightness - 50, b)) if b > 0 else math.copysign(90.0, lightness - 50)


def _hue(a: float, b: float) -> float:
    return min(90.0, max(0.0, math.degrees(math.atan2(b, a))))


def _hue_class(hue: float) -> int:
    if hue > _HUE_STEPS[0]:
        return 0
    return sum(hue < step for step in _HUE_STEPS[1:]) + 1
