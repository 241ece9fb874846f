"""Single-channel float pictures and the few operations that this room needs on them."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Plane: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]


def blurred(plane: Plane, radius_px: int, *, passes: int = 2) -> Plane:
    """Box blur, several times over; the edge is repeated outwards. Two passes are close to a bell."""
    for _ in range(passes):
        plane = _box(_box(plane, radius_px).T, radius_px).T
    return plane


def _box(plane: Plane, radius_px: int) -> Plane:
    """The mean of 2·radius+1 neighbours along the rows."""
    padded = np.pad(plane, ((0, 0), (radius_px + 1, radius_px)), mode="edge").astype(np.float64)
    sums = np.cumsum(padded, axis=1)
    width = 2 * radius_px + 1
    return np.asarray((sums[:, width:] - sums[:, :-width]) / width, dtype=np.float32)


def amid(mask: Mask, radius_px: int) -> Mask:
    """Where most of what is around is in the mask: the red middle of a blush is, red cloth beside a face is not."""
    around: Mask = blurred(mask.astype(np.float32), radius_px) > 0.5
    return around


def blurred_within(plane: Plane, mask: Mask, radius_px: int) -> Plane:
    """The mean of the neighbours that are in the mask; 0 where there are none."""
    share = blurred(mask.astype(np.float32), radius_px)
    total = blurred(np.where(mask, plane, 0).astype(np.float32), radius_px)
    return np.asarray(np.where(share > 1e-3, total / np.maximum(share, 1e-3), 0), dtype=np.float32)


def weighed_quantile(values: Plane, weights: Plane, share: float) -> float:
    """The value below which that share of all weight lies."""
    order = np.argsort(values)
    sums = np.cumsum(weights[order], dtype=np.float64)
    return float(values[order[np.searchsorted(sums, share * sums[-1])]])


def spread(values: Plane) -> float:
    """A robust standard deviation."""
    if values.size == 0:
        return 0.0
    return float(1.4826 * np.median(np.abs(values - np.median(values))))
