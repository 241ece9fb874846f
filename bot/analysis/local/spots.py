"""Small places that are darker or redder than the skin around them: places to look at, and no more than that."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Mask, Plane, blurred, blurred_within
from bot.analysis.local.skin import Skin, noise_of

_SMALL_PX: Final = 1
_SKIN_AROUND: Final = 0.75
_BACKGROUND_PX: Final = 14
_MARGIN_PX: Final = 4
_DARKER: Final = 4.0  # L*
_REDDER: Final = 4.0  # a*
_OVER_NOISE: Final = 3.0
_LEAST_SIDE_PX: Final = 3  # 1.3 mm
_MOST_SIDE_PX: Final = 24  # 10 mm
_MOST_ASPECT: Final = 2.2  # longer is a line or a hair
_LEAST_FILL: Final = 0.45
_CLEAR_PX: Final = 3.0
_HALF: Final = 0.5
_MOST_UNEVEN: Final = 1  # of the 16 places around it
_AROUND: Final = np.linspace(0, 2 * np.pi, 16, endpoint=False)
_MOST_SPOTS: Final = 40

Place = tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A box on the straight face, px; `contrast` in L* or a*."""

    left: int
    top: int
    width: int
    height: int
    contrast: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2


@dataclass(frozen=True, kw_only=True)
class Spots:
    red: tuple[Spot, ...]
    dark: tuple[Spot, ...]


def spots_of(skin: Skin) -> Spots:
    """A place that is both redder and darker is told once, as what it is more of."""
    red, dark = red_spots_of(skin), dark_spots_of(skin)
    return Spots(
        red=tuple(spot for spot in red if all(spot.contrast > other.contrast for other in dark if _meet(spot, other))),
        dark=tuple(
            spot for spot in dark if all(spot.contrast >= other.contrast for other in red if _meet(spot, other))
        ),
    )


def _meet(one: Spot, other: Spot) -> bool:
    return (
        one.left < other.left + other.width
        and other.left < one.left + one.width
        and one.top < other.top + other.height
        and other.top < one.top + one.height
    )


def dark_spots_of(skin: Skin) -> tuple[Spot, ...]:
    return _spots(skin, -_standing_out(skin.even.lightness, skin), least=_DARKER)


def red_spots_of(skin: Skin) -> tuple[Spot, ...]:
    return _spots(skin, _standing_out(skin.even.a, skin), least=_REDDER)


def _standing_out(plane: Plane, skin: Skin) -> Plane:
    """How a small place differs from the skin around it; a spot may itself be too dark to pass for skin."""
    return np.asarray(blurred(plane, _SMALL_PX) - blurred_within(plane, skin.mask, _BACKGROUND_PX), dtype=np.float32)


def _spots(skin: Skin, contrast: Plane, *, least: float) -> tuple[Spot, ...]:
    inner: Mask = (blurred(skin.zones.face.astype(np.float32), _MARGIN_PX) > 0.97) & (
        blurred(skin.mask.astype(np.float32), _BACKGROUND_PX) > _SKIN_AROUND
    )
    if not inner.any():
        return ()
    threshold = max(least, _OVER_NOISE * noise_of(contrast, inner))
    found = [_spot(group, contrast) for group in _groups(inner & (contrast > threshold))]
    good = [spot for spot, fill in found if fill >= _LEAST_FILL and _is_spot(spot) and _stands_alone(spot, contrast)]
    return tuple(sorted(good, key=lambda spot: -spot.contrast)[:_MOST_SPOTS])


def _spot(group: list[Place], contrast: Plane) -> tuple[Spot, float]:
    """A group's box, and how much of that it fills."""
    rows, columns = np.array(group).T
    top, left = int(rows.min()), int(columns.min())
    height, width = int(rows.max()) - top + 1, int(columns.max()) - left + 1
    spot = Spot(left=left, top=top, width=width, height=height, contrast=float(contrast[rows, columns].max()))
    return spot, len(group) / (width * height)


def _is_spot(spot: Spot) -> bool:
    shorter, longer = sorted((spot.width, spot.height))
    return shorter >= _LEAST_SIDE_PX and longer <= _MOST_SIDE_PX and longer <= _MOST_ASPECT * shorter


def _stands_alone(spot: Spot, contrast: Plane) -> bool:
    """All around it the skin is as usual; where a crease or a hair goes on, or nothing is seen, it is not."""
    reach = max(spot.width, spot.height) / 2 + _CLEAR_PX
    rows = np.round(spot.top + spot.height / 2 + reach * np.sin(_AROUND)).astype(int)
    columns = np.round(spot.left + spot.width / 2 + reach * np.cos(_AROUND)).astype(int)
    seen = (rows >= 0) & (rows < contrast.shape[0]) & (columns >= 0) & (columns < contrast.shape[1])
    usual = contrast[rows[seen], columns[seen]] <= _HALF * spot.contrast
    return rows.size - int(usual.sum()) <= _MOST_UNEVEN


def _groups(mask: Mask) -> Iterator[list[Place]]:
    """Connected places, eight neighbours each."""
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(mask), strict=True)}
    while left:
        group = [left.pop()]
        for row, column in group:
            near = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= near
            group.extend(near)
        yield group
