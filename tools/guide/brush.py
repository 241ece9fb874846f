"""Smooth shapes on a board that is drawn finer than it is shown; a figure is drawn in its own measure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Self, TypeAlias

from PIL import Image, ImageDraw

Point: TypeAlias = tuple[float, float]
Points: TypeAlias = Sequence[Point]
Colour: TypeAlias = tuple[int, int, int]
Paint: TypeAlias = Colour | tuple[int, int, int, int]

_FINER: Final = 3  # ImageDraw has no antialiasing
_STEPS: Final = 8  # between two points of a curve


@dataclass(frozen=True, kw_only=True)
class Brush:
    """Draws in units of its own, around a middle of its own, turned clockwise by some degrees."""

    draw: ImageDraw.ImageDraw
    middle: Point = (0.0, 0.0)
    unit: float = float(_FINER)
    turn: float = 0.0

    def moved(self, middle: Point, *, unit: float = 1.0, turn: float = 0.0) -> Self:
        """A brush for a figure that stands there."""
        (there,) = self._placed([middle])
        return type(self)(draw=self.draw, middle=there, unit=self.unit * unit, turn=self.turn + turn)

    def fill(self, outline: Points, paint: Paint) -> None:
        self.draw.polygon(self._placed(outline), fill=paint)

    def line(self, points: Points, width: float, paint: Paint) -> None:
        """With round ends and corners; not for see-through paint, which would lie double there."""
        half = width / 2
        for (left, top), (right, bottom) in pairwise(points):
            far = max(math.dist((left, top), (right, bottom)), 1e-9)
            x, y = (top - bottom) * half / far, (right - left) * half / far
            self.fill(
                [(left + x, top + y), (right + x, bottom + y), (right - x, bottom - y), (left - x, top - y)], paint
            )
        for point in points:
            self.fill(oval(point, half, half, corners=20), paint)

    def dashes(self, start: Point, end: Point, *, dash: float, width: float, paint: Paint) -> None:
        (left, top), (right, bottom) = start, end
        count = max(1, round(math.dist(start, end) / dash / 2))
        for place in range(count):
            shares = (place / count, (place + 0.5) / count)
            self.line([(left + (right - left) * at, top + (bottom - top) * at) for at in shares], width, paint)

    def disc(self, centre: Point, radius: float, paint: Paint) -> None:
        ((x, y),) = self._placed([centre])
        far = radius * self.unit
        self.draw.ellipse((x - far, y - far, x + far, y + far), fill=paint)

    def plate(self, corner: Point, opposite: Point, radius: float, paint: Paint) -> None:
        """An upright rectangle with round corners."""
        self.draw.rounded_rectangle(self._placed([corner, opposite]), radius=radius * self.unit, fill=paint)

    def _placed(self, points: Points) -> list[Point]:
        """In the board's own pixels."""
        across = self.unit * math.cos(math.radians(self.turn))
        aslant = self.unit * math.sin(math.radians(self.turn))
        left, top = self.middle
        return [(left + x * across - y * aslant, top + x * aslant + y * across) for x, y in points]


class Board:
    """What is drawn on, upon a small picture stretched over it; `brush` draws in the finished picture's pixels."""

    def __init__(self, size: tuple[int, int], ground: Image.Image | None = None) -> None:
        finer = (size[0] * _FINER, size[1] * _FINER)
        self._image = ground.resize(finer, Image.Resampling.BILINEAR) if ground else Image.new("RGB", finer)
        self.brush: Final = Brush(draw=ImageDraw.Draw(self._image, "RGBA"))

    def finished(self) -> Image.Image:
        return self._image.reduce(_FINER)


def curve(points: Points) -> Points:
    """A smooth line through the points."""
    return _through([points[0], *points, points[-1]])


def bow(start: Point, end: Point, rise: float) -> Points:
    """A bent line from one point to the other; a rise above 0 bends it upwards."""
    shares = [step / 10 for step in range(11)]
    (left, top), (right, bottom) = start, end
    return [(left + (right - left) * at, top + (bottom - top) * at - 4 * rise * at * (1 - at)) for at in shares]


def blob(points: Points) -> Points:
    """A smooth outline through the points."""
    return _through([points[-1], *points, points[0], points[1]])


def oval(centre: Point, across: float, down: float, *, corners: int = 40) -> Points:
    turns = [math.tau * corner / corners for corner in range(corners)]
    return [(centre[0] + across * math.cos(turn), centre[1] + down * math.sin(turn)) for turn in turns]


def mirrored(half: Points) -> Points:
    """The right half of an outline, from top to bottom, and the same on the left."""
    return [*half, *((-x, y) for x, y in reversed(half) if x)]


def _through(points: Points) -> Points:
    """Catmull and Rom's curve; the first and the last point only say where it comes from and goes to."""
    windows = zip(points, points[1:], points[2:], points[3:], strict=False)
    return [_between(window, step / _STEPS) for window in windows for step in range(_STEPS)] + [points[-2]]


def _between(window: tuple[Point, Point, Point, Point], share: float) -> Point:
    xs, ys = zip(*window, strict=True)
    return _blend(xs, share), _blend(ys, share)


def _blend(values: Sequence[float], share: float) -> float:
    before, start, end, after = values
    bend = 2 * before - 5 * start + 4 * end - after
    rest = 3 * start - before - 3 * end + after
    return start + share * ((end - before) + share * (bend + share * rest)) / 2
