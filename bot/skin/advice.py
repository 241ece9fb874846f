"""Advice that moves on: several steps for each finding, in an order, and which of them is told now.

A step is not repeated report after report; after the last of them comes the one that was told longest ago. What was
there before the redness, as the person says, asks for a step of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.skin.question import QuestionAnswer
from bot.skin.report import Step

_LADDERS: Final[Mapping[Step, tuple[Step, ...]]] = {
    Step.ACNE: (Step.HANDS_OFF, Step.HAIR, Step.LABEL, Step.MAKE_UP_OFF, Step.AFTER_SPORT, Step.PATIENCE),
    Step.CLOSED_COMEDONES: (Step.HAIR, Step.MAKE_UP_OFF, Step.NO_SCRUB, Step.PATIENCE),
    Step.BLACKHEAD: (Step.LABEL, Step.NO_SCRUB, Step.MAKE_UP_OFF),
    Step.REDNESS: (Step.TRIGGERS, Step.LUKEWARM, Step.NO_SCRUB, Step.CLOUDS),
    Step.SPOTS: (Step.TINTED, Step.SHADE, Step.REAPPLY),
    Step.RED_SPOTS: (Step.LUKEWARM, Step.NO_SCRUB, Step.HANDS_OFF),
    Step.PORES: (Step.LABEL, Step.CLOUDS, Step.NO_SCRUB),
    Step.EYE_BAGS: (Step.SLEEP, Step.LESS_SALT, Step.MAKE_UP_OFF),
    Step.DARK_CIRCLES_PIGMENTED: (Step.SUNGLASSES, Step.MAKE_UP_OFF),
    Step.DARK_CIRCLES_VASCULAR: (Step.SLEEP, Step.LESS_SALT),
    Step.DARK_CIRCLES_SHADOW: (Step.SLEEP, Step.CLOUDS),
    Step.LINES: (Step.SUNGLASSES, Step.SHADE, Step.REAPPLY),
    Step.SMILE_LINES: (Step.CLOUDS, Step.SHADE),
    Step.OILY_SKIN: (Step.OILY_TOO, Step.LABEL, Step.AFTER_SPORT),
    Step.DRY_SKIN: (Step.SHORT_WASH, Step.HUMIDIFIER, Step.LUKEWARM),
    Step.COMBINATION_SKIN: (Step.LUKEWARM, Step.LABEL),
    Step.SUN: (Step.REAPPLY, Step.SHADE, Step.CLOUDS),
}
_AFTER: Final[Mapping[QuestionAnswer, Step]] = {
    QuestionAnswer.HEAT: Step.COOL_DOWN,
    QuestionAnswer.SHAVED: Step.SHAVING,
    QuestionAnswer.PRODUCT: Step.NEW_PRODUCT,
}


def next_step(first: Step, told: Sequence[str]) -> Step:
    """What is told where `first` is the step that fits best; `told`: the steps of earlier reports, oldest first."""
    ladder = (first, *_LADDERS.get(first, ()))
    lately = {step: place for place, step in enumerate(told)}
    return min(ladder, key=lambda step: (lately.get(step, -1), ladder.index(step)))


def step_after(answer: QuestionAnswer, otherwise: Step) -> Step:
    """What fits what was there before the redness."""
    return _AFTER.get(answer, otherwise)


def is_one_of(step: str, first: Step) -> bool:
    """Whether that step is among those for which `first` stands."""
    return step in (first, *_LADDERS.get(first, ()))
