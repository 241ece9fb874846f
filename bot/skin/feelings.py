"""How skin feels, in its person's own words of a number: 0 not at all, 10 as bad as can be."""

from enum import StrEnum
from typing import Final


class Feeling(StrEnum):
    """What is asked for; EYES only of whoever wants to be asked about them."""

    BURNING = "burning"
    ITCHING = "itching"
    TIGHTNESS = "tightness"
    EYES = "eyes"


WORST: Final = 10
STRONG_FROM: Final = 7
"""Itch of 7 to 10 is called severe by those who have it, 4 to 6 moderate, up to 3 mild.

(Vakharia, Silverberg and others, 2018: PMC5906166; 210 adults with eczema.)
"""
