"""What a person uses or does for their skin. It stands beside what was seen, and nothing is concluded from it."""

from enum import StrEnum
from typing import Final

LONGEST_NAME: Final = 40  # letters


class Use(StrEnum):
    """What somebody says of a product or a habit; ONGOING: it began before."""

    STARTED = "started"
    STOPPED = "stopped"
    ONGOING = "ongoing"
