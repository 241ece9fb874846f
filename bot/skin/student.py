"""Student's t for whole degrees of freedom, in closed form: how far chance alone takes a mean."""

import math
from functools import lru_cache
from typing import Final

_BISECTIONS: Final = 60
_FARTHEST: Final = 1e6


def chance(t: float, freedom: int) -> float:
    """The probability that chance alone gives a |t| of at least this (two-sided), 0..1."""
    angle = math.atan(abs(t) / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    term = total = cosine if freedom % 2 else 1.0
    for step in range(2 if freedom % 2 else 1, freedom - 1, 2):
        term *= step / (step + 1) * cosine**2
        total += term
    if freedom % 2 == 0:
        return max(0.0, 1 - sine * total)
    if freedom == 1:
        return max(0.0, 1 - 2 * angle / math.pi)
    return max(0.0, 1 - 2 / math.pi * (angle + sine * total))


@lru_cache(maxsize=1024)
def threshold(level: float, freedom: int) -> float:
    """The |t| that chance alone reaches with that probability."""
    low, high = 0.0, _FARTHEST
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if chance(middle, freedom) > level else (low, middle)
    return high
