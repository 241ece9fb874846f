"""What of an analysis can be followed over time: a number for each measure, and how far photos alone may move it."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from bot.skin.analysis import Analysis, Judged, MarkKind, Provider, SkinZone
from bot.skin.feelings import WORST, Feeling
from bot.skin.findings import findings
from bot.skin.report import Finding, Severity


class Measure(StrEnum):
    """Named as the finding it follows; moles, dark and red spots are not among them (`NEVER_FOLLOWED`)."""

    ACNE = "acne"
    CLOSED_COMEDONES = "closed_comedones"
    SKIN_SPOT = "skin_spot"
    SENSITIVITY = "sensitivity"
    SENSITIVITY_INTENSITY = "sensitivity_intensity"
    BLACKHEAD = "blackhead"
    PORES = "pores"
    EYE_POUCH = "eye_pouch"
    LINES = "lines"
    REDDEST = "reddest"
    NOSE_REDNESS = "nose_redness"
    UNDER_EYE_COLOUR = "under_eye_color"
    UNDER_EYE_LINES = "under_eye_lines"


Followed = Measure | Feeling
"""What is followed over time: read from photos, or told by its person."""

NEVER_FOLLOWED: Final = frozenset({MarkKind.MOLE, MarkKind.DARK_SPOTS, MarkKind.RED_SPOTS})
"""Marked, never counted over time, and that there are none is no news.

A photo can't judge moles and dark spots: a count that stays the same would calm somebody who should see a doctor.
How many red spots this device sees changes more from photo to photo than from person to person.
"""

WITHHELD: Final[Mapping[Judged | None, frozenset[Measure]]] = {
    None: frozenset(),
    Judged.REDNESS: frozenset(
        {Measure.SENSITIVITY, Measure.SENSITIVITY_INTENSITY, Measure.REDDEST, Measure.NOSE_REDNESS}
    ),
    Judged.PIMPLES: frozenset({Measure.ACNE, Measure.CLOSED_COMEDONES}),
}
"""What is not told over time while an experiment that is judged by it is under way: its answer comes at the end."""


FOLLOWED_HERE: Final = (
    Measure.SENSITIVITY,
    Measure.REDDEST,
    Measure.NOSE_REDNESS,
    Measure.UNDER_EYE_COLOUR,
    Measure.UNDER_EYE_LINES,
)
"""Of what this device measures: people differ at least three times as much in it as photos of one of them do.

`make retakes` measures that; what has less is not followed.
"""


class Unit(StrEnum):
    """COUNT: how many. SHARE: of the skin looked at, 0..1. STRENGTH: 0..100. DEGREE: 0 none to 3 a lot.

    PLACES: in how many of the places looked at, 0..4. SHADES: steps of a* and b*; an eye just sees two of them.
    POINTS: 0..10, as its person felt it.
    """

    COUNT = "count"
    SHARE = "share"
    STRENGTH = "strength"
    DEGREE = "degree"
    PLACES = "places"
    SHADES = "shades"
    POINTS = "points"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How a measure's values are weighed against each other.

    `even` takes a value to a scale on which photo noise is the same everywhere, `back` returns from it. `noise` is
    its standard deviation there, to begin with: what is believed of a person of whom nothing is known yet, with a
    weight of `photos` photos. `most`: the highest value there is.
    """

    even: Callable[[float], float]
    back: Callable[[float], float]
    noise: float
    photos: int
    most: float = math.inf


def _even_count(count: float) -> float:
    """Anscombe's root: a count that varies by chance (Poisson) has a spread of one on it, whatever its level."""
    return 2 * math.sqrt(max(count, 0.0) + 0.375)


def _count_of(even: float) -> float:
    return max(0.0, (max(even, 0.0) / 2) ** 2 - 0.375)


def _same(value: float) -> float:
    return value


# Counts cannot vary less than by chance. Redness moved by up to 0.02 with size, exposure and white balance alone
# (docs/decisions.md); a degree or a place is often one off, and so is what is told of a feeling.
SCALES: Final[Mapping[Unit, Scale]] = MappingProxyType(
    {
        Unit.COUNT: Scale(even=_even_count, back=_count_of, noise=1.0, photos=8),
        Unit.SHARE: Scale(even=_same, back=_same, noise=0.013, photos=4, most=1.0),
        Unit.STRENGTH: Scale(even=_same, back=_same, noise=4.0, photos=4, most=100.0),
        Unit.DEGREE: Scale(even=_same, back=_same, noise=0.5, photos=4, most=3.0),
        Unit.PLACES: Scale(even=_same, back=_same, noise=0.6, photos=4, most=4.0),
        Unit.SHADES: Scale(even=_same, back=_same, noise=0.6, photos=4),
        Unit.POINTS: Scale(even=_same, back=_same, noise=1.0, photos=4, most=float(WORST)),
    }
)

UNITS: Final[Mapping[Followed, Unit]] = MappingProxyType(
    {
        Measure.ACNE: Unit.COUNT,
        Measure.CLOSED_COMEDONES: Unit.COUNT,
        Measure.SKIN_SPOT: Unit.COUNT,
        Measure.SENSITIVITY: Unit.SHARE,
        Measure.SENSITIVITY_INTENSITY: Unit.STRENGTH,
        Measure.BLACKHEAD: Unit.DEGREE,
        Measure.PORES: Unit.PLACES,
        Measure.EYE_POUCH: Unit.DEGREE,
        Measure.LINES: Unit.PLACES,
        Measure.REDDEST: Unit.SHADES,
        Measure.NOSE_REDNESS: Unit.SHADES,
        Measure.UNDER_EYE_COLOUR: Unit.SHADES,
        Measure.UNDER_EYE_LINES: Unit.SHARE,
        **dict.fromkeys(Feeling, Unit.POINTS),
    }
)

_PLACES: Final[Mapping[Measure, tuple[str, ...]]] = {
    Measure.PORES: ("pores_forehead", "pores_left_cheek", "pores_right_cheek", "pores_jaw"),
    Measure.LINES: ("forehead_wrinkle", "glabella_wrinkle", "crows_feet", "eye_finelines"),
}
_DEGREES: Final = {Severity.NONE: 0.0, Severity.MILD: 1.0, Severity.MODERATE: 2.0, Severity.STRONG: 3.0}


_REDNESS: Final = frozenset({Measure.SENSITIVITY_INTENSITY, Measure.REDDEST, Measure.NOSE_REDNESS})
_WHERE_IT_IS_RED: Final = frozenset({SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK})


_ONLY_HERE: Final = frozenset(FOLLOWED_HERE) - {Measure.SENSITIVITY}


def followed_by(provider: Provider) -> frozenset[Measure]:
    """Of who measured it; an older report may have kept more."""
    return frozenset(FOLLOWED_HERE) if provider is Provider.LOCAL else frozenset(Measure) - _ONLY_HERE


def scale_of(measure: Followed) -> Scale:
    return SCALES[UNITS[measure]]


def known_measures(kept: Mapping[str, float]) -> dict[Measure, float]:
    """What was kept by name, without what is not followed any more."""
    return {measure: float(kept[measure]) for measure in Measure if measure in kept}


def measures_of(analysis: Analysis) -> dict[Measure, float]:
    """Every measure that this analysis has, in its own unit. What was not measured, or has no degree, is absent."""
    return dict(_measured_here(analysis) if analysis.provider is Provider.LOCAL else _measured(analysis))


def _measured_here(analysis: Analysis) -> Iterator[tuple[Measure, float]]:
    """Redness only where cheeks and nose are seen: without one of them it would be a measure of what is hidden."""
    redness, under = analysis.redness, analysis.under_eyes
    if redness is not None and analysis.not_visible.isdisjoint(_WHERE_IT_IS_RED):
        yield from _known(Measure.SENSITIVITY, redness.area)
        yield from _known(Measure.REDDEST, redness.reddest)
        yield from _known(Measure.NOSE_REDNESS, redness.nose)
    if under is not None:
        yield from _known(Measure.UNDER_EYE_COLOUR, under.colour)
        yield from _known(Measure.UNDER_EYE_LINES, under.lines)


def _known(measure: Measure, value: float | None) -> Iterator[tuple[Measure, float]]:
    """A nose that is paler than the cheeks is not red at all."""
    if value is not None:
        yield measure, max(0.0, round(value, 4))


def _measured(analysis: Analysis) -> Iterator[tuple[Measure, float]]:
    found = {finding.key: finding for finding in findings(analysis)}
    for kind in MarkKind:
        finding = found.get(kind)
        if finding is not None and finding.count is not None and kind not in NEVER_FOLLOWED:
            yield Measure(kind.value), float(finding.count)
    if analysis.redness is not None and analysis.redness.area is not None:
        yield Measure.SENSITIVITY, round(analysis.redness.area, 4)
    if analysis.redness is not None and analysis.redness.intensity is not None:
        yield Measure.SENSITIVITY_INTENSITY, round(analysis.redness.intensity, 1)
    for measure in (Measure.BLACKHEAD, Measure.EYE_POUCH):
        degree = _degree(found.get(measure))
        if degree is not None:
            yield measure, degree
    for measure, keys in _PLACES.items():
        if all(key in found for key in keys):
            yield measure, float(sum(found[key].seen for key in keys))


def _degree(finding: Finding | None) -> float | None:
    """None for what is there to an unknown degree."""
    return None if finding is None else _DEGREES.get(finding.severity)


def disputed_measures(keys: frozenset[str]) -> frozenset[Measure]:
    """The measures that rest on findings a person called not true."""
    told = {measure for measure in Measure if measure in keys}
    told |= {measure for measure, places in _PLACES.items() if keys.intersection(places)}
    if Measure.SENSITIVITY in told:
        told |= _REDNESS
    return frozenset(told)
