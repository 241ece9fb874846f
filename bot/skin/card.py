"""What a report's card shows: what is told of a face, where it is; and what else can be shown on it, kind by kind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.skin.analysis import Analysis, Box, MarkKind, Reading, SkinZone
from bot.skin.findings import findings, sure_boxes
from bot.skin.report import Finding, Report, Sureness

TOLD: Final = "told"
PORES: Final = "pores"
LINES: Final = "lines"
UNSURE: Final = "unsure"
REDNESS: Final = "sensitivity"

_UNDER_EYES: Final = frozenset({SkinZone.LEFT_UNDER_EYE, SkinZone.RIGHT_UNDER_EYE})
_PORES: Final[Mapping[str, frozenset[SkinZone]]] = {
    Reading.PORES_FOREHEAD: frozenset({SkinZone.FOREHEAD}),
    Reading.PORES_LEFT_CHEEK: frozenset({SkinZone.LEFT_CHEEK}),
    Reading.PORES_RIGHT_CHEEK: frozenset({SkinZone.RIGHT_CHEEK}),
    Reading.PORES_JAW: frozenset({SkinZone.CHIN}),
    Reading.BLACKHEAD: frozenset({SkinZone.NOSE}),
}
_LINES: Final[Mapping[str, frozenset[SkinZone]]] = {
    Reading.FOREHEAD_WRINKLE: frozenset({SkinZone.FOREHEAD}),
    Reading.GLABELLA_WRINKLE: frozenset({SkinZone.GLABELLA}),
    Reading.CROWS_FEET: frozenset({SkinZone.LEFT_EYE_CORNER, SkinZone.RIGHT_EYE_CORNER}),
    Reading.EYE_FINELINES: _UNDER_EYES,
    Reading.EYE_POUCH: _UNDER_EYES,
    Reading.DARK_CIRCLE: _UNDER_EYES,
}


@dataclass(frozen=True, kw_only=True)
class OnCard:
    """Boxes are in pixels of the photo that was sent.

    `pores`, `lines`: zones that have them. `redness`: the share of cheeks and T-zone to be tinted, 0..1. `hidden`:
    zones that were not looked at. With nothing to mark, the others are outlined, unless the card is `bare`.
    """

    marks: Mapping[MarkKind, tuple[Box, ...]] = field(default_factory=dict)
    pores: frozenset[SkinZone] = frozenset()
    lines: frozenset[SkinZone] = frozenset()
    hidden: frozenset[SkinZone] = frozenset()
    redness: float | None = None
    bare: bool = False


def shown_on(view: str, analysis: Analysis, report: Report, *, left_out: Collection[str]) -> OnCard:
    """`view`: TOLD, a kind of marks, PORES, LINES or UNSURE. `left_out`: what is untrue, or not wanted on pictures."""
    if view == UNSURE:
        return _shown(analysis, unsure_marks(analysis, left_out=left_out), keys=(), left_out=left_out)
    keys = _told_keys(report) if view == TOLD else _keys_of(view, analysis)
    return _shown(analysis, _sure_marks(analysis, keys, left_out=left_out), keys=keys, left_out=left_out)


def views_of(analysis: Analysis, report: Report, *, left_out: Collection[str]) -> tuple[str, ...]:
    """What one may choose between: none where TOLD shows all that there is."""
    told = shown_on(TOLD, analysis, report, left_out=left_out)
    sure = _sure_marks(analysis, set(MarkKind), left_out=left_out)
    each: list[str] = [kind for kind in MarkKind if sure.get(kind)]
    each += [view for view in (PORES, LINES) if _has_zones(shown_on(view, analysis, report, left_out=left_out))]
    if any(unsure_marks(analysis, left_out=left_out).values()):
        each.append(UNSURE)
    alone = len(each) == 1 and shown_on(each[0], analysis, report, left_out=left_out) == told
    return () if not each or alone else (TOLD, *each)


def unsure_marks(analysis: Analysis, *, left_out: Collection[str]) -> dict[MarkKind, tuple[Box, ...]]:
    kept = {kind: boxes for kind, boxes in analysis.marks.items() if kind not in left_out}
    return {kind: tuple(box for box in boxes if not sure_boxes([box])) for kind, boxes in kept.items()}


def _shown(
    analysis: Analysis, marks: Mapping[MarkKind, tuple[Box, ...]], *, keys: Collection[str], left_out: Collection[str]
) -> OnCard:
    redness = analysis.redness.area if analysis.redness and REDNESS in keys and REDNESS not in left_out else None
    return OnCard(
        marks={kind: boxes for kind, boxes in marks.items() if boxes},
        pores=_zones(_PORES, keys, left_out),
        lines=_zones(_LINES, keys, left_out),
        hidden=analysis.not_visible,
        redness=redness or None,
    )


def _sure_marks(
    analysis: Analysis, keys: Collection[str], *, left_out: Collection[str]
) -> dict[MarkKind, tuple[Box, ...]]:
    wanted = {kind: boxes for kind, boxes in analysis.marks.items() if kind in keys and kind not in left_out}
    return {kind: sure_boxes(boxes) for kind, boxes in wanted.items()}


def _told_keys(report: Report) -> frozenset[str]:
    """What stands out, and every kind of marks that the caption names, by the keys of the contract."""
    return report.marked_kinds.union(key for finding in report.watch for key in finding.parts or (finding.key,))


def _keys_of(view: str, analysis: Analysis) -> frozenset[str]:
    sure = frozenset(finding.key for finding in findings(analysis) if finding.seen and _is_told(finding))
    return {PORES: sure.intersection(_PORES), LINES: sure.intersection(_LINES)}.get(view, frozenset({view}))


def _is_told(finding: Finding) -> bool:
    return finding.sureness is not Sureness.UNSURE


def _has_zones(shown: OnCard) -> bool:
    return bool(shown.pores or shown.lines)


def _zones(
    places: Mapping[str, frozenset[SkinZone]], keys: Collection[str], left_out: Collection[str]
) -> frozenset[SkinZone]:
    told = [zones for key, zones in places.items() if key in keys and key not in left_out]
    return frozenset[SkinZone]().union(*told)
