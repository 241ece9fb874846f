"""What a text can be about."""

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What an answer is about; of several the first is taken. Each has its words in messages/heard.html.j2."""

    CRISIS = "crisis"
    EMERGENCY = "emergency"
    MOLE = "mole"
    PAIN = "pain"
    SADNESS = "sadness"
    MEDICINE = "medicine"
    WORRY = "worry"
    QUESTION = "question"
    HELP = "help"
    THANKS = "thanks"
    GREETING = "greeting"
    SMILE = "smile"

    @property
    def is_urgent(self) -> bool:
        """No other reading of the text comes before it: no command, no city, no note."""
        return self in _URGENT

    @property
    def is_cry(self) -> bool:
        """Behind a command nothing else is heard."""
        return self in _CRIES

    @property
    def needs_help(self) -> bool:
        """Politeness is not a need."""
        return self not in _POLITE


_URGENT = frozenset({Topic.CRISIS, Topic.EMERGENCY})
_CRIES = _URGENT | {Topic.MOLE, Topic.PAIN, Topic.SADNESS}
_POLITE = frozenset({Topic.HELP, Topic.THANKS, Topic.GREETING, Topic.SMILE})


class Subject(StrEnum):
    """What a question is about: what a report may name, and how this bot works."""

    REDNESS = "redness"
    RED_SPOTS = "red_spots"
    PIMPLES = "pimples"
    WHITEHEADS = "whiteheads"
    BLACKHEADS = "blackheads"
    PORES = "pores"
    DARK_SPOTS = "dark_spots"
    FRECKLES = "freckles"
    DARK_CIRCLES = "dark_circles"
    EYE_BAGS = "eye_bags"
    FOREHEAD_LINES = "forehead_lines"
    FROWN_LINES = "frown_lines"
    EYE_LINES = "eye_lines"
    SMILE_LINES = "smile_lines"
    LINES = "lines"
    SKIN_TYPE = "skin_type"
    OILY = "oily"
    DRY = "dry"
    SKIN_AGE = "skin_age"
    SUN = "sun"
    SURENESS = "sureness"
    PHOTO = "photo"
    PRIVACY = "privacy"
    WHO_I_AM = "who_i_am"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """`about`: what a question is about. `asks`: whether it is put as a question."""

    topic: Topic
    about: Subject | None = None
    asks: bool = False

    @property
    def is_no_note(self) -> bool:
        """Whether it is answered where a note can be written: a medicine that is only named is what notes are for."""
        return self.topic.needs_help and (self.topic is not Topic.MEDICINE or self.asks)
