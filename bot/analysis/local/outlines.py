"""Pieces of a mask that hang together, and the straight-sided outline around one of them."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.analysis.local.planes import Mask

_MOST_GAINED: Final = 0.025  # of the area, by leaving out a side: a corner that is only rounded
_PARALLEL: Final = 0.05  # sine; sides that run on like this meet nowhere near

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """`top`, `left`: where its mask begins in the whole one, px."""

    top: int
    left: int
    mask: Mask

    @property
    def bottom(self) -> int:
        return self.top + int(self.mask.shape[0])

    @property
    def right(self) -> int:
        return self.left + int(self.mask.shape[1])

    @property
    def area(self) -> int:
        return int(self.mask.sum())


def pieces_of(mask: Mask, *, least_px: int) -> Iterator[Piece]:
    """What hangs together by rows' runs that touch, pieces of so many pixels and more."""
    rows, starts, ends = _runs(mask)
    piece = _joined(rows, starts, ends)
    sizes = np.bincount(piece, weights=ends - starts, minlength=1)
    for number in np.flatnonzero(sizes >= least_px).tolist():
        yield _drawn(*(part[piece == number] for part in (rows, starts, ends)))


def outline_of(piece: Piece) -> list[Point]:
    """The corners of the fewest-sided shape that holds it closely, in order, px of the whole mask."""
    rows = np.flatnonzero(piece.mask.any(axis=1))
    first = piece.mask[rows].argmax(axis=1)
    last = piece.mask.shape[1] - piece.mask[rows][:, ::-1].argmax(axis=1)
    edges = [(x, y + down) for x, y in zip([*first, *last], [*rows, *rows], strict=True) for down in (0, 1)]
    corners = _hull([(float(x + piece.left), float(y + piece.top)) for x, y in edges])
    while len(corners) > 3:
        gains = [_gained(corners, side) for side in range(len(corners))]
        side = min(range(len(corners)), key=lambda number: gains[number][0])
        gained, meeting = gains[side]
        if gained > _MOST_GAINED * area_of(corners):
            break
        corners = _without(corners, side, meeting)
    return corners


def area_of(corners: list[Point]) -> float:
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


def _runs(mask: Mask) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, start and end (beyond the last) of each run of True."""
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    return rows, starts, np.nonzero(steps == -1)[1]


def _joined(rows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """For each run the number of its piece."""
    parents = list(range(len(rows)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = parents[parents[run]]
            run = parents[run]
        return run

    begin = np.searchsorted(rows, np.arange(int(rows.max(initial=-1)) + 3))
    start, end = starts.tolist(), ends.tolist()
    for row in range(1, int(rows.max(initial=0)) + 1):
        above, here = int(begin[row - 1]), int(begin[row])
        last_above, last = here, int(begin[row + 1])
        while above < last_above and here < last:
            if start[above] < end[here] and start[here] < end[above]:
                parents[root(here)] = root(above)
            if end[above] < end[here]:
                above += 1
            else:
                here += 1
    return np.array([root(run) for run in range(len(parents))], dtype=np.intp)


def _drawn(rows: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> Piece:
    top, left = int(rows.min()), int(starts.min())
    mask = np.zeros((int(rows.max()) - top + 1, int(ends.max()) - left), dtype=np.bool_)
    for row, start, end in zip(rows.tolist(), starts.tolist(), ends.tolist(), strict=True):
        mask[row - top, start - left : end - left] = True
    return Piece(top=top, left=left, mask=mask)


def _hull(points: list[Point]) -> list[Point]:
    """The convex hull (Andrew's monotone chain), clockwise on a picture."""
    ordered = sorted(set(points))
    return [*_half(ordered)[:-1], *_half(ordered[::-1])[:-1]]


def _half(ordered: list[Point]) -> list[Point]:
    kept: list[Point] = []
    for point in ordered:
        while len(kept) > 1 and _turn(kept[-2], kept[-1], point) <= 0:
            kept.pop()
        kept.append(point)
    return kept


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _gained(corners: list[Point], side: int) -> tuple[float, Point]:
    """By how much the area grows when its neighbours run on instead of a side, and where they meet."""
    count = len(corners)
    before, start, end, after = (corners[(side + step) % count] for step in (-1, 0, 1, 2))
    first, second = (start[0] - before[0], start[1] - before[1]), (end[0] - after[0], end[1] - after[1])
    crossed = first[0] * second[1] - first[1] * second[0]
    if abs(crossed) <= _PARALLEL * math.hypot(*first) * math.hypot(*second):
        return math.inf, start
    along = ((end[0] - start[0]) * second[1] - (end[1] - start[1]) * second[0]) / crossed
    meeting = (start[0] + along * first[0], start[1] + along * first[1])
    return (area_of([start, meeting, end]), meeting) if along >= 0 else (math.inf, start)


def _without(corners: list[Point], side: int, meeting: Point) -> list[Point]:
    after = (side + 1) % len(corners)
    changed = [meeting if number == side else corner for number, corner in enumerate(corners)]
    return [corner for number, corner in enumerate(changed) if number != after]
