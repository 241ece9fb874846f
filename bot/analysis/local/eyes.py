"""Finding the two eyes in a face's square: round dark things at the same height, where eyes can be."""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bot.analysis.local.faces import Face
from bot.analysis.local.planes import Plane, blurred

_SIDE_PX: Final = 160  # of the face's square, while eyes are sought
_AROUND: Final = 0.25  # of the square, on each side
_EXPECTED: Final = ((0.285, 0.30), (0.715, 0.30))  # in the square; measured on the faces in docs/on-device.md
_REACH: Final = (0.13, 0.14)
_STRONGEST_EDGES: Final = 260
_CANDIDATES: Final = 6
_APART: Final = 0.43
_MOST_TILT: Final = 0.45  # rise per run, 24 degrees


@dataclass(frozen=True, kw_only=True)
class Eyes:
    """Their middles in pixels of the picture: `left` is the one on the picture's left."""

    left: tuple[float, float]
    right: tuple[float, float]

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left[0] + self.right[0]) / 2, (self.left[1] + self.right[1]) / 2

    @property
    def apart(self) -> float:
        """Distance, px."""
        return float(np.hypot(self.right[0] - self.left[0], self.right[1] - self.left[1]))


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    x: float
    y: float
    worth: float


def find_eyes(image: Image.Image, face: Face) -> Eyes:
    """Always two eyes: where nothing looks like one, where they are in most faces."""
    scale = face.side / _SIDE_PX
    margin = round(_SIDE_PX * _AROUND)
    size = _SIDE_PX + 2 * margin
    left, top = face.left - margin * scale, face.top - margin * scale
    patch = image.crop((round(left), round(top), round(left + size * scale), round(top + size * scale)))
    grey = np.asarray(patch.convert("L").resize((size, size), Image.Resampling.BOX), dtype=np.float32)
    pairs = [_candidates(grey, x * _SIDE_PX + margin, y * _SIDE_PX + margin) for x, y in _EXPECTED]
    first, second = max(((one, other) for one in pairs[0] for other in pairs[1]), key=lambda pair: _pair_worth(*pair))
    return Eyes(
        left=(left + first.x * scale, top + first.y * scale), right=(left + second.x * scale, top + second.y * scale)
    )


def _candidates(grey: Plane, x: float, y: float) -> list[_Candidate]:
    """The places around an expected eye that look most like one, and the expected place itself for next to nothing."""
    reach_x, reach_y = (round(reach * _SIDE_PX) for reach in _REACH)
    top, left = round(y) - reach_y, round(x) - reach_x
    bottom, right = top + 2 * reach_y + 1, left + 2 * reach_x + 1
    window = blurred(grey[top - 2 : bottom + 2, left - 2 : right + 2], 1)[2:-2, 2:-2]
    worth = _roundness(window) * _darkness(window) * _nearness(window.shape)
    found = [_Candidate(x=x, y=y, worth=0.05)]
    best = float(worth.max()) or 1.0
    for _ in range(_CANDIDATES):
        row, column = (int(place) for place in np.unravel_index(int(worth.argmax()), worth.shape))
        found.append(_Candidate(x=left + column, y=top + row, worth=float(worth[row, column]) / best))
        worth[max(0, row - 4) : row + 5, max(0, column - 4) : column + 5] = 0
    return found


def _roundness(window: Plane) -> Plane:
    """How well the strong edges around each place point away from it, as around a dark disc (Timm and Barth)."""
    down, right = np.gradient(window, axis=0), np.gradient(window, axis=1)
    strength = np.hypot(down, right)
    rows, columns = _strongest(strength)
    share = 1 / np.sqrt(strength[rows, columns] + 1e-6)  # a strong edge counts more, but not with its square
    height, width = window.shape
    along_rows = (rows[:, None] - np.arange(height)) * (down[rows, columns] * share)[:, None]
    along_columns = (columns[:, None] - np.arange(width)) * (right[rows, columns] * share)[:, None]
    along = along_rows.astype(np.float32)[:, :, None] + along_columns.astype(np.float32)[:, None, :]
    np.maximum(along, np.float32(0), out=along)  # edges × height × width
    along *= along
    along *= _nearby(height, width)[height - 1 - rows, width - 1 - columns]
    return np.asarray(along.mean(axis=0), dtype=np.float32)


@cache
def _nearby(height: int, width: int) -> Plane:
    """[height - 1 - row, width - 1 - column] is what an edge at that row and column counts for each place."""
    rows = np.arange(1 - height, height, dtype=np.float32)[:, None]
    columns = np.arange(1 - width, width, dtype=np.float32)[None, :]
    squared = rows**2 + columns**2
    near = np.exp(-squared / 11.0**2) / np.maximum(squared, 1)
    return np.lib.stride_tricks.sliding_window_view(near.astype(np.float32), (height, width))


def _strongest(strength: Plane) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the strongest edges."""
    places = np.argsort(strength, axis=None)[-_STRONGEST_EDGES:]
    return places // strength.shape[1], places % strength.shape[1]


def _darkness(window: Plane) -> Plane:
    low, high = np.percentile(window, (1, 90))
    return np.asarray(np.clip((high - window) / (high - low + 1e-6), 0, 1) ** 1.5, dtype=np.float32)


def _nearness(shape: tuple[int, ...]) -> Plane:
    rows = np.linspace(-1, 1, shape[0], dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, shape[1], dtype=np.float32)[None, :]
    return np.asarray(np.exp(-0.9 * (rows**2 + columns**2)), dtype=np.float32)


def _pair_worth(one: _Candidate, other: _Candidate) -> float:
    """Two eyes are as far apart as eyes are, and nearly level. Brows are pairs too: the lower pair is the eyes."""
    run, rise = (other.x - one.x) / _SIDE_PX, (other.y - one.y) / _SIDE_PX
    if run <= 0.2 or abs(rise) > _MOST_TILT * run:
        return -1.0
    odd = ((run - _APART) / 0.09) ** 2 + (rise / 0.07) ** 2
    lower = ((one.y + other.y) / 2 / _SIDE_PX - 0.3) * 0.8
    return float((one.worth + other.worth) * (1 + lower) * np.exp(-odd / 2))
