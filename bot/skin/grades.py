"""How much is much: from counts and shares to grades, and what of it matters most to a person."""

from typing import Final

from bot.skin.analysis import MarkKind
from bot.skin.report import Finding, Severity

HARDLY_RED: Final = 0.01  # from here on there is something to see, and the details name the share
LITTLE_REDNESS: Final = 0.05  # from here on it is more than "very little"
NOTABLE_REDNESS: Final = 0.10
MUCH_REDNESS: Final = 0.30
MANY: Final = 10
_FEW: Final = 2  # as many as there are on anybody's face

# A photo can't judge these: there are few of them or some, and never "many".
_NEVER_GRADED: Final = frozenset({MarkKind.MOLE, MarkKind.DARK_SPOTS})

_WEIGHT: Final = {Severity.STRONG: 0, Severity.MODERATE: 1, Severity.PRESENT: 2, Severity.MILD: 3, Severity.NONE: 4}

# What everyday care can change first, then what habits ease, then what it hardly changes.
_TIERS: Final = (
    ("acne", "sensitivity", "closed_comedones", "red_spots", "blackhead", "pores"),
    ("skin_spot", "dark_spots", "eye_pouch", "dark_circle", "lines"),
    ("nasolabial_fold", "dark_circle/shadow"),
)


def grade_of_boxes(kind: MarkKind, *, sure: int, of: int) -> Severity:
    """By how many boxes are sure; of some that are all doubtful it is a little."""
    if not of:
        return Severity.NONE
    if sure <= _FEW:
        return Severity.MILD
    if kind in _NEVER_GRADED:
        return Severity.PRESENT
    return Severity.STRONG if sure >= MANY else Severity.MODERATE


def grade_of_share(share: float) -> Severity:
    if round(share, 3) <= 0:
        return Severity.NONE
    if share < NOTABLE_REDNESS:
        return Severity.MILD
    return Severity.STRONG if share >= MUCH_REDNESS else Severity.MODERATE


def ungraded(degree: Severity) -> Severity:
    """Of what everybody has, and care hardly changes: a little of it, or that it is there, however much it may be."""
    return degree if degree in {Severity.NONE, Severity.MILD} else Severity.PRESENT


def rank(finding: Finding) -> tuple[int, int, int]:
    """The lower, the earlier it is told: by the grade, then by what care can change."""
    return _WEIGHT[finding.severity], *_tier(finding)


def may_stand_out(finding: Finding) -> bool:
    """Never a mole, which a photo can't judge; never a little of something, such as one or two boxes."""
    return _tier(finding)[0] < len(_TIERS) and finding.severity not in {Severity.NONE, Severity.MILD}


def typed(finding: Finding) -> str:
    """With the kind that it is of."""
    return f"{finding.key}/{finding.kind}"


def _tier(finding: Finding) -> tuple[int, int]:
    for name in (typed(finding), finding.key):
        for tier, keys in enumerate(_TIERS):
            if name in keys:
                return tier, keys.index(name)
    return len(_TIERS), 0
