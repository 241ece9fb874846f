"""One small thing to do next, for what was seen first."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from bot.skin.grades import typed
from bot.skin.report import Finding, Step, Sureness

STEPS: Final = MappingProxyType(
    {
        "acne": Step.ACNE,
        "closed_comedones": Step.CLOSED_COMEDONES,
        "blackhead": Step.BLACKHEAD,
        "sensitivity": Step.REDNESS,
        "skin_spot": Step.SPOTS,
        "dark_spots": Step.SPOTS,
        "red_spots": Step.RED_SPOTS,
        "pores": Step.PORES,
        "eye_pouch": Step.EYE_BAGS,
        "dark_circle/pigmented": Step.DARK_CIRCLES_PIGMENTED,
        "dark_circle/vascular": Step.DARK_CIRCLES_VASCULAR,
        "dark_circle/shadow": Step.DARK_CIRCLES_SHADOW,
        "lines": Step.LINES,
        "nasolabial_fold": Step.SMILE_LINES,
        "skin_type/oily": Step.OILY_SKIN,
        "skin_type/dry": Step.DRY_SKIN,
        "skin_type/combination": Step.COMBINATION_SKIN,
    }
)


def step_for(watch: Sequence[Finding], skin_type: Finding | None) -> Step:
    """For what stands out first; else for a skin type that is sure; else for anybody."""
    if watch:
        return STEPS.get(typed(watch[0])) or STEPS[watch[0].key]
    if skin_type is not None and skin_type.sureness is not Sureness.UNSURE:
        return STEPS.get(typed(skin_type), Step.SUN)
    return Step.SUN
