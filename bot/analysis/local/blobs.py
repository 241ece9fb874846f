"""Small places that stand out of what is around them, and how: how large, how round, how clear, in how calm a place.

All of them are looked at along rays from their peaks, at once.
"""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.analysis.local.planes import Mask, Plane, blurred

BACKGROUND_PX: Final = 14
_RAYS: Final = 32
_SECTORS: Final = 8
_LONGEST_PX: Final = 26
_ANGLES: Final = np.arange(_RAYS) * (2 * np.pi / _RAYS)
_RADII: Final = np.arange(_LONGEST_PX + 1)
_DOWN: Final = np.rint(np.outer(np.sin(_ANGLES), _RADII)).astype(np.intp)
_ACROSS: Final = np.rint(np.outer(np.cos(_ANGLES), _RADII)).astype(np.intp)
_RING_PX: Final = (2, 7)  # beyond the edge
_AROUND_PX: Final = (3, 14)
_EDGE_PX: Final = 2
_FARTHEST_EDGE_PX: Final = 18
_LEAST_OF_SECTOR: Final = 0.4  # of it is skin
_LEAST_PAIRS: Final = 3
_LEAST_CONTRAST: Final = 0.01  # of what is no peak at all against its ring
_CORE: Final = 0.8  # of the peak
_MOST_PEAKS: Final = 200

Places: TypeAlias = NDArray[np.intp]
Samples: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Blob:
    """What is more than half as high as one peak, all around it; px, and the plane's own unit.

    `contrast`: its core above the ring around it. `evenness`: the least of the contrasts along four lines through it,
    as a share of their mean: a slope of light leaves it near 1, a fold or an edge does not. `elongation`: 1 is round.
    `roughness`: how much the finest detail around it varies; `restless`: how much that is up and down at its own size,
    besides a slope. `around`: how much of its surroundings is skin, 0..1.
    `steepness`: how much of its contrast is lost across its edge, 0..1: a dome has little of it, a disc much.
    """

    left: int
    top: int
    width: int
    height: int
    radius: float
    contrast: float
    evenness: float
    elongation: float
    roughness: float
    restless: float
    around: float
    steepness: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


def blobs_of(plane: Plane, *, skin: Mask, share: Plane, where: Mask, least: float) -> list[Blob]:
    """Of the peaks within `where` that stand at least so high above the skin around them, the highest first.

    `share`: how much within `BACKGROUND_PX` is skin, 0..1.
    """
    soft = blurred(plane, 1, passes=1)
    total = blurred(np.where(skin, plane, 0).astype(np.float32), BACKGROUND_PX)
    height = np.asarray(blurred(soft, 1, passes=1) - total / np.maximum(share, 1e-3), dtype=np.float32)
    rows, columns = _peaks(height, where, least)
    if not rows.size:
        return []
    fine = np.abs(plane - blurred(plane, 2))
    planes: tuple[Plane | Mask, ...] = (height, soft, fine, skin)
    return _blobs(*(_along_rays(each, rows, columns) for each in planes), rows=rows, columns=columns)


def _peaks(height: Plane, where: Mask, least: float) -> tuple[Places, Places]:
    """Rows and columns of what is the highest within 5×5."""
    rows, columns = np.nonzero(where & (height > least) & (height >= _highest(_highest(height).T).T))
    order = np.argsort(-height[rows, columns])[:_MOST_PEAKS]
    return rows[order], columns[order]


def _highest(plane: Plane) -> Plane:
    """Of five neighbours along the rows."""
    padded = np.pad(plane, ((0, 0), (2, 2)), mode="edge")
    return np.asarray(np.max([padded[:, shift : shift + plane.shape[1]] for shift in range(5)], axis=0))


def _along_rays(plane: Plane | Mask, rows: Places, columns: Places) -> Samples:
    """peaks × rays × radii; 0 beyond the plane."""
    padded = np.pad(plane, _LONGEST_PX)
    places = (rows[:, None, None] + _LONGEST_PX + _DOWN, columns[:, None, None] + _LONGEST_PX + _ACROSS)
    return np.asarray(padded[places], dtype=np.float32)


def _blobs(
    height: Samples, soft: Samples, fine: Samples, skin: Samples, *, rows: Places, columns: Places
) -> list[Blob]:
    peak = height[:, :1, :1]
    edge = _edges(height, peak * np.float32(0.5))
    beyond = _RADII - edge[:, :, None]
    ring = (beyond > _RING_PX[0]) & (beyond <= _RING_PX[1])
    around = (beyond > _AROUND_PX[0]) & (beyond <= _AROUND_PX[1])
    core = _mean(soft, (beyond < 0) & (height >= _CORE * peak))
    pairs = _pairs(core[:, None, None] - soft, ring, skin)
    restless = _restless(height, around & (skin > 0))
    lines = np.isfinite(pairs)
    contrast = np.maximum(np.where(lines, pairs, 0).sum(axis=1) / np.maximum(lines.sum(axis=1), 1), _LEAST_CONTRAST)
    roughness, seen = _mean(fine, around & (skin > 0)), _mean(skin, around)
    evenness = np.where(lines, pairs, np.inf).min(axis=1) / contrast
    steepness = _drop(soft, edge) / contrast
    elongation, radius = _elongations(edge), np.sqrt((edge**2).mean(axis=1))
    left, right = ((sign * edge * np.cos(_ANGLES)).max(axis=1) for sign in (-1, 1))
    above, below = ((sign * edge * np.sin(_ANGLES)).max(axis=1) for sign in (-1, 1))
    whole = (edge.max(axis=1) <= _FARTHEST_EDGE_PX) & (lines.sum(axis=1) >= _LEAST_PAIRS)
    return [
        Blob(
            left=round(float(columns[each] - left[each])),
            top=round(float(rows[each] - above[each])),
            width=max(1, round(float(left[each] + right[each]))),
            height=max(1, round(float(above[each] + below[each]))),
            radius=float(radius[each]),
            contrast=float(contrast[each]),
            evenness=float(evenness[each]),
            elongation=float(elongation[each]),
            roughness=float(roughness[each]),
            restless=float(restless[each]),
            around=float(seen[each]),
            steepness=float(steepness[each]),
        )
        for each in np.nonzero(whole)[0]
    ]


def _edges(height: Samples, level: Samples) -> Samples:
    """peaks × rays: how far from the peak it falls below the level, px, between two samples."""
    inside = np.logical_and.accumulate(height > level, axis=2)
    last = inside.sum(axis=2, keepdims=True) - 1
    last = np.clip(last, 0, _LONGEST_PX - 1)
    upper, lower = (np.take_along_axis(height, last + step, axis=2) for step in (0, 1))
    part = np.clip((upper - level) / np.maximum(upper - lower, 1e-6), 0, 1)
    return np.asarray((last + part)[:, :, 0], dtype=np.float32)


def _drop(soft: Samples, edge: Samples) -> Samples:
    """How far it falls across the edge, all around."""
    inner, outer = (
        np.take_along_axis(soft, np.clip(np.rint(edge + step), 0, _LONGEST_PX).astype(np.intp)[:, :, None], axis=2)
        for step in (-_EDGE_PX, _EDGE_PX)
    )
    return np.asarray((inner - outer).mean(axis=(1, 2)), dtype=np.float32)


def _restless(height: Samples, where: Mask) -> Samples:
    """How much it is up and down there, besides a slope: what lies opposite is taken together."""
    half = _RAYS // 2
    both = where[:, :half] & where[:, half:]
    levels = np.asarray((height[:, :half] + height[:, half:]) / 2, dtype=np.float32)
    square = np.asarray(levels**2, dtype=np.float32)
    return np.asarray(np.sqrt(np.maximum(_mean(square, both) - _mean(levels, both) ** 2, 0)), dtype=np.float32)


def _mean(values: Samples, where: Mask) -> Samples:
    """Of each peak's samples; 0 where there are none."""
    return np.asarray((values * where).sum(axis=(1, 2)) / np.maximum(where.sum(axis=(1, 2)), 1), dtype=np.float32)


def _pairs(below: Samples, ring: Mask, skin: Samples) -> Samples:
    """peaks × lines: how far the ring lies below the core along four lines; NaN where an end is not skin."""
    seen = ring & (skin > 0)
    whole, counted, sums = (
        each.reshape(each.shape[0], _SECTORS, -1).sum(axis=2) for each in (ring, seen, below * seen)
    )
    means = np.where(counted >= np.maximum(1, _LEAST_OF_SECTOR * whole), sums / np.maximum(counted, 1), np.nan)
    return np.asarray((means[:, : _SECTORS // 2] + means[:, _SECTORS // 2 :]) / 2, dtype=np.float32)


def _elongations(edge: Samples) -> Samples:
    """The longer axis over the shorter one, however it lies."""
    areas = edge**2
    twofold = np.abs((areas * np.exp(2j * _ANGLES)).sum(axis=1)) / areas.sum(axis=1)
    return np.asarray(np.sqrt((1 + twofold) / np.maximum(1 - twofold, 1e-3)), dtype=np.float32)
