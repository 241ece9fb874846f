"""Where the two eyes are: they lay a face straight, and are its measure."""

import math
from dataclasses import dataclass


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
