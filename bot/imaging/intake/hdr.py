"""HDR pictures, made into what the same scene is in an ordinary photo.

Up to near the white of paper nothing is changed, so that skin keeps its colour; where a picture has lighter things,
they and what comes near to white are pressed together below it (docs/decisions.md).
"""

import math
from functools import cache
from typing import Final

from PIL import Image, ImageFilter

from bot.imaging.intake.colour_spaces import HLG, Hdr, Primaries, profile_of, to_xyz_of

_PAPER_WHITE_NITS: Final = 203.0  # ITU-R BT.2408
_PQ_PEAK_NITS: Final = 10_000.0
_HLG_PEAK_NITS: Final = 1_000.0
_HLG_SYSTEM_GAMMA: Final = 1.2
_HLG_A, _HLG_B, _HLG_C = 0.17883277, 0.28466892, 0.55991073
_KNEE: Final = 0.75
_NODES: Final = 17


def with_profile(image: Image.Image, hdr: Hdr) -> tuple[Image.Image, bytes]:
    """An RGB picture, and an ICC profile that makes of its codes what an ordinary photo shows."""
    if hdr.transfer == HLG:
        image = image.filter(_as_on_a_screen(hdr.primaries))
    used = [sum(counts) for counts in zip(*(image.getchannel(band).histogram() for band in "RGB"), strict=True)]
    lights = [_light(code / 255, hdr.transfer) for code in range(256)]
    peak = max(light for light, count in zip(lights, used, strict=True) if count)
    return image, profile_of(hdr.primaries, [_pressed(light, peak) for light in lights])


def _light(code: float, transfer: int) -> float:
    """1 is the white of paper."""
    if transfer == HLG:
        return _hlg(code) * _HLG_PEAK_NITS / _PAPER_WHITE_NITS
    root = math.pow(code, 32 / 2523)  # SMPTE ST 2084
    share = max(root - 107 / 128, 0.0) / (2413 / 128 - 2392 / 128 * root)
    return math.pow(share, 16384 / 2610) * _PQ_PEAK_NITS / _PAPER_WHITE_NITS


@cache
def _as_on_a_screen(primaries: Primaries) -> ImageFilter.Color3DLUT:
    """HLG holds the scene's light; a screen makes the more of a colour, the lighter it is. Codes stay HLG's."""
    shares = to_xyz_of(primaries)[1]

    def colour(red: float, green: float, blue: float) -> tuple[float, float, float]:
        scene = _hlg(red), _hlg(green), _hlg(blue)
        luma = sum(share * light for share, light in zip(shares, scene, strict=True))
        gain = math.pow(luma, _HLG_SYSTEM_GAMMA - 1)
        r, g, b = (_hlg_code(light * gain) for light in scene)
        return r, g, b

    return ImageFilter.Color3DLUT.generate(_NODES, colour)


def _hlg(code: float) -> float:
    """ITU-R BT.2100: light from code, both 0..1."""
    return code**2 / 3 if code <= 0.5 else (math.exp((code - _HLG_C) / _HLG_A) + _HLG_B) / 12


def _hlg_code(light: float) -> float:
    return math.sqrt(3 * light) if light <= 1 / 12 else _HLG_A * math.log(12 * light - _HLG_B) + _HLG_C


def _pressed(light: float, peak: float) -> float:
    """Above the knee the curve bends, and only `peak` becomes white."""
    if light <= _KNEE or peak <= 1:
        return min(light, 1.0)
    share, bend = (light - _KNEE) / (peak - _KNEE), (1 - _KNEE) / (peak - 1)
    return min(_KNEE + (1 - _KNEE) * share * (1 + bend) / (share + bend), 1.0)
