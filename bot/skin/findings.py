"""From an analysis, in the contract's numbers, to findings, in the words' terms."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from bot.skin.analysis import Analysis, Box, Classified, MarkKind, Reading, SkinType, SkinZone
from bot.skin.grades import HARDLY_RED, grade_of_boxes, grade_of_share, ungraded
from bot.skin.report import PROBABLE_FROM, Finding, Region, Severity, Sureness, sureness_of

_DEGREES: Final = (Severity.MILD, Severity.MODERATE, Severity.STRONG)
_BLACKHEAD_DEGREES: Final = (Severity.NONE, *_DEGREES)
_DARK_CIRCLE_KINDS: Final = (None, "pigmented", "vascular", "shadow")

# The readings that are told, in the order of telling. Eyelids and skin colour are kept in the answer and never told.
_READINGS: Final = (
    (Reading.FOREHEAD_WRINKLE, Region.FOREHEAD),
    (Reading.GLABELLA_WRINKLE, Region.FOREHEAD),
    (Reading.PORES_FOREHEAD, Region.FOREHEAD),
    (Reading.DARK_CIRCLE, Region.EYES),
    (Reading.EYE_POUCH, Region.EYES),
    (Reading.EYE_FINELINES, Region.EYES),
    (Reading.CROWS_FEET, Region.EYES),
    (Reading.PORES_LEFT_CHEEK, Region.CHEEKS),
    (Reading.PORES_RIGHT_CHEEK, Region.CHEEKS),
    (Reading.BLACKHEAD, Region.NOSE_MOUTH),
    (Reading.NASOLABIAL_FOLD, Region.NOSE_MOUTH),
    (Reading.PORES_JAW, Region.CHIN),
)
WHERE_IT_IS_RED: Final = frozenset(
    {SkinZone.FOREHEAD, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.CHIN}
)
"""Where redness is looked for."""
_PORES: Final = frozenset(
    {Reading.PORES_FOREHEAD, Reading.PORES_LEFT_CHEEK, Reading.PORES_RIGHT_CHEEK, Reading.PORES_JAW}
)
_SKIN_TYPES: Final = frozenset(int(skin_type) for skin_type in SkinType)
_DEGREE_READINGS: Final = {
    Reading.EYE_POUCH: Reading.EYE_POUCH_SEVERITY,
    Reading.NASOLABIAL_FOLD: Reading.NASOLABIAL_FOLD_SEVERITY,
}


def findings(analysis: Analysis) -> tuple[Finding, ...]:
    """Every readable field that may be told, seen or not, in a fixed order. What was not measured is absent."""
    return (*_read(analysis), *_marked(analysis), *_freckles(analysis), *_redness(analysis), *_skin_type(analysis))


def _read(analysis: Analysis) -> Iterator[Finding]:
    for reading, region in _READINGS:
        classified = analysis.readings.get(reading)
        severity = _severity(analysis, reading, classified.value) if classified else None
        if classified is not None and severity is not None:
            yield Finding(
                key=reading,
                region=region,
                severity=severity,
                confidence=classified.confidence,
                sureness=sureness_of(classified.confidence),
                kind=_DARK_CIRCLE_KINDS[classified.value] if reading is Reading.DARK_CIRCLE else None,
            )


def _severity(analysis: Analysis, reading: Reading, value: int) -> Severity | None:
    """None for a class that the contract does not have: it is not determined then, not absent."""
    if reading is Reading.BLACKHEAD:
        return _BLACKHEAD_DEGREES[value] if 0 <= value < len(_BLACKHEAD_DEGREES) else None
    if not 0 <= value <= _highest_class(reading):
        return None
    if value == 0:
        return Severity.NONE
    degree_reading = _DEGREE_READINGS.get(reading)
    degree = _degree(analysis.readings.get(degree_reading)) if degree_reading else Severity.PRESENT
    return ungraded(degree) if reading is Reading.NASOLABIAL_FOLD else degree


def _highest_class(reading: Reading) -> int:
    """Pores come as 0..3 from the vendor's sister endpoint; dark circles have three types."""
    return 3 if reading in _PORES or reading is Reading.DARK_CIRCLE else 1


def _degree(classified: Classified | None) -> Severity:
    """A degree's own confidence is low by nature and is not weighed again."""
    if classified is None or not 0 <= classified.value < len(_DEGREES):
        return Severity.PRESENT
    return _DEGREES[classified.value]


def _marked(analysis: Analysis) -> Iterator[Finding]:
    for kind in MarkKind:
        boxes = analysis.marks.get(kind)
        if boxes is not None:
            counted = _counted(kind, boxes)
            unsteady = kind in analysis.uncounted or kind is MarkKind.RED_SPOTS
            yield replace(counted, count=None, sure_count=None) if unsteady else counted


def sure_boxes(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Those that a report counts as there, and that a picture shows without being asked."""
    return tuple(box for box in boxes if not box.faint and (box.confidence is None or box.confidence >= PROBABLE_FROM))


def _counted(kind: MarkKind, boxes: tuple[Box, ...]) -> Finding:
    """As sure as the surest box is."""
    surest = max((box.confidence for box in boxes if box.confidence is not None), default=None)
    sure = sure_boxes(boxes)
    return Finding(
        key=kind,
        region=Region.FACE,
        severity=grade_of_boxes(kind, sure=len(sure), of=len(boxes)),
        confidence=surest,
        sureness=Sureness.UNSURE if boxes and not sure else sureness_of(surest),
        count=len(boxes),
        sure_count=len(sure),
        marked=bool(sure),
    )


def hardly_red(analysis: Analysis) -> bool:
    """Whether next to nothing counts as red. False where no share was told."""
    return analysis.redness is not None and analysis.redness.area is not None and analysis.redness.area < HARDLY_RED


def _freckles(analysis: Analysis) -> Iterator[Finding]:
    """Never told as absent: few small spots are none."""
    if analysis.freckled:
        yield Finding(key="freckles", region=Region.FACE, severity=Severity.PRESENT)


def _redness(analysis: Analysis) -> Iterator[Finding]:
    if analysis.redness is not None and analysis.redness.area is not None:
        share = analysis.redness.area
        yield Finding(
            key="sensitivity",
            region=Region.FACE,
            severity=grade_of_share(share),
            share=share,
            in_part=not analysis.not_visible.isdisjoint(WHERE_IT_IS_RED),
        )


def _skin_type(analysis: Analysis) -> Iterator[Finding]:
    classified = analysis.skin_type
    if classified is not None and classified.value in _SKIN_TYPES:
        yield Finding(
            key="skin_type",
            region=Region.FACE,
            severity=Severity.PRESENT,
            confidence=classified.confidence,
            sureness=sureness_of(classified.confidence),
            kind=SkinType(classified.value).name.lower(),
        )
