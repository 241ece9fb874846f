"""sRGB to CIE L*a*b* (D65)."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.analysis.local.planes import Plane

_TO_XYZ: Final = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Final = (0.95047, 1.0, 1.08883)


@dataclass(frozen=True, kw_only=True)
class Lab:
    """Lightness 0..100; a positive is red; b positive is yellow."""

    lightness: Plane
    a: Plane
    b: Plane


def light_of(pixels: NDArray[np.uint8]) -> Plane:
    """Linear light, 0..1, of sRGB pixels; the last axis is red, green, blue."""
    return np.asarray(_linear()[pixels])


def luminance_of(pixels: NDArray[np.uint8]) -> Plane:
    """Linear light, 0..1, of a height×width×3 sRGB picture."""
    return luminance_of_light(light_of(pixels))


def luminance_of_light(light: Plane) -> Plane:
    """Of linear sRGB; the last axis is red, green, blue."""
    return _mixed(light, _TO_XYZ[1])


def lightness_of(pixels: NDArray[np.uint8]) -> Plane:
    """L*, 0..100, as in `lab_of`, for a third of its work."""
    return 116 * _curve(luminance_of(pixels)) - 16


def lab_of(pixels: NDArray[np.uint8], *, gain: float = 1.0) -> Lab:
    """Of a height×width×3 sRGB picture, as if `gain` times as much light had fallen on it."""
    return lab_of_light(light_of(pixels) * np.float32(gain))


def lab_of_light(light: Plane) -> Lab:
    """Of linear sRGB; the last axis is red, green, blue."""
    x, y, z = (_curve(_mixed(light, row) / np.float32(white)) for row, white in zip(_TO_XYZ, _WHITE, strict=True))
    return Lab(lightness=116 * y - 16, a=500 * (x - y), b=200 * (y - z))


def _mixed(linear: Plane, shares: tuple[float, float, float]) -> Plane:
    """Channel by channel: a matrix product would wake BLAS, whose threads spin on cores that others need."""
    red, green, blue = (linear[..., channel] * np.float32(share) for channel, share in enumerate(shares))
    return np.asarray(red + green + blue, dtype=np.float32)


@cache
def _linear() -> Plane:
    value = np.arange(256, dtype=np.float32) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


def _curve(values: Plane) -> Plane:
    return np.asarray(np.where(values > 0.008856, np.cbrt(values), 7.787 * values + 16 / 116), dtype=np.float32)
