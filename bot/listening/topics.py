"""What a text can be about."""

from enum import StrEnum


class Topic(StrEnum):
    """What an answer is about; of several the first is taken. Each has its words in messages/heard.html.j2."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    PAIN = "pain"
    MOLE = "mole"
    MEDICINE = "medicine"
    SADNESS = "sadness"
    THANKS = "thanks"
    GREETING = "greeting"

    @property
    def needs_help(self) -> bool:
        """Politeness is not a need."""
        return self not in _POLITE


_POLITE = frozenset({Topic.THANKS, Topic.GREETING})
