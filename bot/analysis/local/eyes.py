"""Where the two eyes are: they lay a face straight, and are its measure; and what colour their whites have."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bot.analysis.local.colour import lab_of_light, light_of, luminance_of
from bot.analysis.local.planes import Mask, Plane

_WITHIN_LIDS: Final = 0.9  # of the outline's size: lashes and wet rims lie on it
_DARKEST: Final = 0.2  # of an eye's pixels: the iris, mostly
_IRIS_PX: Final = 15  # its half, with a margin, where the eyes stand 150 px apart
_CLIPPED: Final = 250
_LIGHTER: Final = 0.5  # of what is beside the iris: the rest is lids' shadow
_BLUER: Final = 0.5  # of those: skin, tear glands and vessels are redder
_LEAST_PX: Final = 15  # of an eye
_USUAL: Final = (1.24, 1.0, 0.88)  # their red, green and blue in white light: the median of 40 portraits with open eyes
_CLOSED: Final = 0.1  # by how much whites are bluer than skin: about where lids end ...
_OPEN: Final = 0.4  # ... and from where on they are surely whites
_FAINT: Final = 0.005  # of full light: added before ratios are formed, as noise makes them wild in the dark


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Their middles in pixels of the picture: `left` is the one on the picture's left, when the face is upright."""

    left: tuple[float, float]
    right: tuple[float, float]

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left[0] + self.right[0]) / 2, (self.left[1] + self.right[1]) / 2

    @property
    def apart(self) -> float:
        """Distance, px."""
        return math.hypot(self.right[0] - self.left[0], self.right[1] - self.left[1])

    @property
    def roll(self) -> float:
        """How far their line is turned clockwise, radians: upside down it is half a turn."""
        return math.atan2(self.right[1] - self.left[1], self.right[0] - self.left[0])


@dataclass(frozen=True, kw_only=True)
class Whites:
    """The colour of the whites of the eyes in this photo's light: linear red, green and blue, 0..1."""

    light: Plane

    @property
    def lab(self) -> tuple[float, float, float]:
        """L*, a*, b*. In even daylight a* is about 5 and b* about 6."""
        lab = lab_of_light(self.light)
        return float(lab.lightness), float(lab.a), float(lab.b)

    @property
    def cast(self) -> Plane:
        """What the lamp does to red, green and blue, as far as usual whites tell: 1, 1, 1 in white light."""
        against_usual = (self.light + _FAINT) / np.array(_USUAL, dtype=np.float32)
        return np.asarray(against_usual / against_usual[1])

    def bluer_than(self, skin: Plane) -> float:
        """By how much ln(red/blue) is less than that of the skin (linear light); about 0 where an eye is closed."""
        return _yellowness(skin).item() - _yellowness(self.light).item()

    def trusted(self, skin: Plane) -> float:
        """0..1: not at all when the eyes are closed."""
        return min(1.0, max(0.0, (self.bluer_than(skin) - _CLOSED) / (_OPEN - _CLOSED)))


def whites_of(pixels: NDArray[np.uint8], outlines: Iterable[Plane]) -> Whites | None:
    """`pixels`: height×width×3 sRGB of a straight face, or of a part of it; `outlines`: of its eyes there, px.

    None where neither eye shows enough of it. A closed eye shows its lid: see `Whites.bluer_than`.
    """
    seen = [light for outline in outlines if (light := _white_of(pixels, outline)) is not None]
    return Whites(light=np.exp(np.log(np.array(seen) + 1e-4).mean(axis=0))) if seen else None


def _white_of(pixels: NDArray[np.uint8], outline: Plane) -> Plane | None:
    """Of one eye: beside the iris, where it is light and least like skin. Gains of a lamp change nothing of where."""
    middle = outline.mean(axis=0)
    inside, corner = _inside(middle + (outline - middle) * _WITHIN_LIDS)
    seen = pixels[corner[1] :, corner[0] :][: inside.shape[0], : inside.shape[1]]
    inside = inside[: seen.shape[0], : seen.shape[1]]
    colours, columns = seen[inside], np.nonzero(inside)[1]
    if colours.shape[0] < 2 * _LEAST_PX:
        return None
    light, luminance = light_of(colours), luminance_of(colours)
    iris = float(np.median(columns[luminance <= np.quantile(luminance, _DARKEST)]))
    beside = np.abs(columns - iris) > _IRIS_PX
    beside &= colours.max(axis=1) < _CLIPPED
    if beside.sum() < 2 * _LEAST_PX:
        return None
    white = beside & (luminance >= np.quantile(luminance[beside], 1 - _LIGHTER))
    yellow = _yellowness(light)
    white &= yellow <= np.quantile(yellow[white], _BLUER)
    return np.asarray(np.median(light[white], axis=0)) if white.sum() >= _LEAST_PX else None


def _yellowness(light: Plane) -> Plane:
    """ln(red/blue)."""
    return np.asarray(np.log(light[..., 0] + _FAINT) - np.log(light[..., 2] + _FAINT))


def _inside(outline: Plane) -> tuple[Mask, tuple[int, int]]:
    """What is in it, in the smallest picture that holds it, and where that picture's corner lies (never below 0)."""
    left, top = (max(0, math.floor(low)) for low in outline.min(axis=0).tolist())
    right, bottom = (math.ceil(high) + 1 for high in outline.max(axis=0).tolist())
    image = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(image).polygon([(x - left, y - top) for x, y in outline.tolist()], fill=1)
    return np.asarray(image).view(np.bool_), (left, top)
