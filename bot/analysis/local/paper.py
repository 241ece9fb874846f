"""A sheet of white paper beside a face: it shows how light the lamp is there, and what colour it has.

Careful rather than eager: what else is white (walls, shirts, windows) is of another shape, not as even, or not beside
a face; a sheet that is shaded, tinted or burnt out is seen and not used.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.colour import light_of, luminance_of, luminance_of_light
from bot.analysis.local.eyes import Whites
from bot.analysis.local.mesh import Landmarks
from bot.analysis.local.outlines import Piece, Point, area_of, outline_of, pieces_of
from bot.analysis.local.planes import Mask, Plane
from bot.skin.analysis import Paper

_APART_PX: Final = 32  # to about which the eyes' distance is made smaller: a sheet is large enough to be seen then
_BESIDE: Final = 5.0  # eye distances from between the eyes to each side ...
_ABOVE: Final = 3.5
_BELOW: Final = 5.0
_EVEN: Final = 5  # of 255: how far a sheet's pixels may lie from the ones beside their neighbours
_LEAST_AREA: Final = 0.9  # of the eyes' distance squared: half a playing card; a sheet of A4 has 15
_MOST_AREA: Final = 40.0
_LEAST_SIDE: Final = 0.6  # eye distances
_FILLED: Final = 0.9  # of its outline: fingers and hair may hide a little
_RIGHT_ANGLE: Final = (math.radians(60), math.radians(120))  # held aslant
_ON_THE_RIM_PX: Final = 3
_HIGHEST: Final = -2.0  # eye distances from the eyes down: at its lowest a sheet reaches the brows ...
_LOWEST: Final = 2.2  # ... and at its highest the chin
_IN_THE_FACE: Final = 0.1
_REFLECTS: Final = 0.87  # of the light: office paper
_LEAST_LIGHT: Final = 0.1  # of full light: below, nothing is told from grey
_LEAST_OVER_CHEEKS: Final = 0.8  # times their light: what is darker than skin is white in no useful light
_COLOURLESS: Final = 0.9  # of ln(red/green) and ln(blue/green): no lamp in a room does more
_DIM: Final = 0.4  # of full light: either the sheet or the whole photo is in the dark
_LEAST_CONTRAST: Final = 1.65  # times the cheeks' light: no skin is so light as to come nearer to paper
_LEAST_OVER_WHITES: Final = 1.15  # times that of the whites of the eyes
_MOST_SHADING: Final = 0.12  # by how much its darker part may fall short of its lighter one
_HALVES: Final = 2
_SHADOWS_EDGE: Final = 0.4  # eye distances that a soft one may be wide
_CLIPPED: Final = 250
_MOST_CLIPPED: Final = 0.02
_NEAR_NEUTRAL: Final = 0.14  # of the two logarithms: as most lamps leave white paper
_TRUSTED: Final = 0.5  # of whites
_AS_THE_EYES: Final = 0.2  # from what the whites of the eyes say of the lamp


@dataclass(frozen=True, kw_only=True)
class PaperSheet:
    """`light`: its linear red, green and blue. Only one that is USED says what the lamp does."""

    verdict: Paper
    light: Plane

    @property
    def lamp(self) -> Plane:
        """By what lamp and camera multiplied red, green and blue."""
        return np.asarray(self.light / np.float32(_REFLECTS))


def sheet_beside(image: Image.Image, face: Landmarks, *, cheeks: Plane, whites: Whites | None) -> PaperSheet | None:
    """None where no piece of the picture, or more than one, looks like a sheet. `cheeks`: see `cheeks_of`."""
    around = _Around.cut(image, face)
    mask = around.candidates(float(luminance_of_light(cheeks)))
    least_px = round(_LEAST_AREA / 2 * around.apart**2)
    sheets = [piece for piece in pieces_of(mask, least_px=least_px) if around.is_sheet(piece)]
    parts = [around.pixels_of(piece) for piece in sheets]
    lights = [np.asarray(np.median(light_of(pixels), axis=0)) for pixels in parts]
    if len(sheets) == _HALVES and _is_half_shaded(sheets, lights, reach=_SHADOWS_EDGE * around.apart):
        return PaperSheet(verdict=Paper.SHADED, light=lights[0])
    if len(sheets) != 1:
        return None  # panes, pages, tiles: which one would it be?
    (pixels,), (light,) = parts, lights
    cast = whites.cast if whites is not None and whites.trusted(cheeks) >= _TRUSTED else None
    return PaperSheet(verdict=_verdict(pixels, light, cheeks, cast), light=light)


@dataclass(frozen=True, kw_only=True)
class _Around:
    """The picture around a face, made smaller. `eyes`: the point between them, `face`: left, top, right, bottom."""

    pixels: NDArray[np.uint8]
    eyes: Point
    apart: float
    face: tuple[float, float, float, float]

    @classmethod
    def cut(cls, image: Image.Image, face: Landmarks) -> "_Around":
        x, y = face.eyes.middle
        apart = face.eyes.apart
        left, top = max(0, round(x - _BESIDE * apart)), max(0, round(y - _ABOVE * apart))
        right, bottom = round(x + _BESIDE * apart), round(y + _BELOW * apart)
        factor = max(1, round(apart / _APART_PX))
        small = image.crop((left, top, min(image.width, right), min(image.height, bottom))).reduce(factor)
        edges = np.array([face.places[:, :2].min(axis=0), face.places[:, :2].max(axis=0)])
        (x_min, y_min), (x_max, y_max) = ((edges - (left, top)) / factor).tolist()
        return cls(
            pixels=np.asarray(small),
            eyes=((x - left) / factor, (y - top) / factor),
            apart=apart / factor,
            face=(x_min, y_min, x_max, y_max),
        )

    def candidates(self, cheeks: float) -> Mask:
        """What is even, light enough and no clear colour. `cheeks`: their luminance."""
        light = light_of(self.pixels)
        luminance = luminance_of(self.pixels)
        logs = np.log(light + np.float32(0.01))
        mask = luminance > max(_LEAST_LIGHT, _LEAST_OVER_CHEEKS * cheeks)
        mask &= np.abs(logs[..., 0] - logs[..., 1]) < _COLOURLESS
        mask &= np.abs(logs[..., 2] - logs[..., 1]) < _COLOURLESS
        return mask & _even(self.pixels)

    def is_sheet(self, piece: Piece) -> bool:
        corners = outline_of(piece)
        area = area_of(corners)
        if not _LEAST_AREA * self.apart**2 <= area <= _MOST_AREA * self.apart**2 or piece.area < _FILLED * area:
            return False
        return self._is_beside(corners) and self._has_sides_of_a_sheet(corners)

    def _is_beside(self, corners: Sequence[Point]) -> bool:
        """Of a height with the face, and not in it."""
        xs, ys = zip(*corners, strict=True)
        left, top, right, bottom = self.face
        wide = max(0.0, min(right, max(xs)) - max(left, min(xs)))
        high = max(0.0, min(bottom, max(ys)) - max(top, min(ys)))
        down = [(y - self.eyes[1]) / self.apart for y in (min(ys), max(ys))]
        free = wide * high <= _IN_THE_FACE * (right - left) * (bottom - top)
        return bool(free and down[0] < _LOWEST and down[1] > _HIGHEST)

    def _has_sides_of_a_sheet(self, corners: Sequence[Point]) -> bool:
        """Four about at right angles, of which the picture's rim may cut one off."""
        sides = list(pairwise((*corners, corners[0])))
        free = [not self._on_the_rim(side) for side in sides]
        right = [
            free[place - 1]
            and free[place]
            and _RIGHT_ANGLE[0] < _angle(*sides[place - 1], sides[place][1]) < _RIGHT_ANGLE[1]
            for place in range(len(sides))
        ]
        if min(math.dist(*side) for side in sides) < _LEAST_SIDE * self.apart and all(free):
            return False
        whole = len(sides) == 4 and sum(right) == 4
        cut = sum(free) in (3, 4) and len(sides) - sum(free) in (1, 2) and sum(right) >= sum(free) - 1
        return bool(whole or cut)

    def _on_the_rim(self, side: tuple[Point, Point]) -> bool:
        height, width = self.pixels.shape[:2]
        (x, y), (end_x, end_y) = side
        near = [max(x, end_x), max(y, end_y), width - min(x, end_x), height - min(y, end_y)]
        return bool(min(near) <= _ON_THE_RIM_PX)

    def pixels_of(self, piece: Piece) -> NDArray[np.uint8]:
        rows, columns = np.nonzero(piece.mask)
        return self.pixels[rows + piece.top, columns + piece.left]


def _even(pixels: NDArray[np.uint8]) -> Mask:
    """True where no neighbour to the left and right, above and below, is of another colour."""
    values = np.pad(pixels.astype(np.int16), ((1, 1), (1, 1), (0, 0)), mode="edge")
    across = np.abs(values[1:-1, 2:] - values[1:-1, :-2]).max(axis=-1)
    down = np.abs(values[2:, 1:-1] - values[:-2, 1:-1]).max(axis=-1)
    return np.asarray(np.maximum(across, down) <= _EVEN)


def _angle(before: Point, corner: Point, after: Point) -> float:
    """Between the sides that meet there, radians."""
    first = math.atan2(before[1] - corner[1], before[0] - corner[0])
    second = math.atan2(after[1] - corner[1], after[0] - corner[0])
    apart = abs(first - second)
    return min(apart, 2 * math.pi - apart)


def _is_half_shaded(halves: Sequence[Piece], lights: Sequence[Plane], *, reach: float) -> bool:
    """One sheet with the edge of a shadow across it: side by side, of about one tint, one darker than the other."""
    one, other = halves
    across = max(one.left, other.left) - min(one.right, other.right)
    down = max(one.top, other.top) - min(one.bottom, other.bottom)
    tints = [np.log(light / light[1]) for light in lights]
    darker, lighter = sorted(float(luminance_of_light(light)) for light in lights)
    alike = float(np.abs(tints[0] - tints[1]).max()) < _NEAR_NEUTRAL
    return bool(max(across, down) <= reach and alike and darker < (1 - _MOST_SHADING) * lighter)


def _verdict(pixels: NDArray[np.uint8], light: Plane, cheeks: Plane, cast: Plane | None) -> Paper:
    if (pixels.max(axis=1) >= _CLIPPED).mean() > _MOST_CLIPPED:
        return Paper.CLIPPED
    if _is_tinted(light, cast):
        return Paper.TINTED
    luminance = luminance_of(pixels)
    dark, usual, bright = np.quantile(luminance, (0.05, 0.5, 0.95))
    shaded = usual < _DIM or usual < _LEAST_CONTRAST * luminance_of_light(cheeks) or dark < (1 - _MOST_SHADING) * bright
    return Paper.SHADED if shaded else Paper.USED


def _is_tinted(light: Plane, cast: Plane | None) -> bool:
    """White paper has the lamp's colour and none of its own."""
    tint = np.log(light / light[1])
    if np.abs(tint).max() <= _NEAR_NEUTRAL:
        return False
    return cast is None or bool(np.abs(tint - np.log(cast)).max() > _AS_THE_EYES)
