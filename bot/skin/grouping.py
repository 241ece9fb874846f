"""Pores and lines are looked for in several places, and told once for a face."""

from collections.abc import Mapping, Sequence
from typing import Final

from bot.skin.report import Finding, Region, Severity, Sureness

_TOGETHER: Final[Mapping[str, tuple[str, ...]]] = {
    "pores": ("pores_forehead", "pores_left_cheek", "pores_right_cheek", "pores_jaw"),
    "lines": ("forehead_wrinkle", "glabella_wrinkle", "crows_feet", "eye_finelines"),
}


def grouped(seen: Sequence[Finding]) -> tuple[Finding, ...]:
    """With pores told once and lines told once; all of `seen` is as good as sure, or none of it."""
    rest = list(seen)
    for key, part_keys in _TOGETHER.items():
        parts = [finding for finding in rest if finding.key in part_keys]
        if parts:
            rest = [finding for finding in rest if finding not in parts]
            rest.append(_joined(key, parts))
    return tuple(rest)


def absent(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """What is surely not there. "No pores", "no lines" only where every place was looked at and none has any.

    A place that is not named beside those that are is no news, and told nowhere.
    """
    gone = [finding for finding in found if not finding.seen and finding.sureness is not Sureness.UNSURE]
    for key, part_keys in _TOGETHER.items():
        parts = [finding for finding in gone if finding.key in part_keys]
        gone = [finding for finding in gone if finding not in parts]
        if len(parts) == len(part_keys):
            gone.append(_joined(key, parts))
    return tuple(gone)


def is_untrue(told_as: str, disputed: frozenset[str]) -> bool:
    """Whether a person called the finding of that key not true; of one for several places they call all of it so."""
    return not disputed.isdisjoint({told_as, *_TOGETHER.get(told_as, ())})


def _joined(key: str, parts: Sequence[Finding]) -> Finding:
    """One finding for several; only as sure as the least sure of them."""
    regions = {part.region for part in parts}
    surenesses = {part.sureness for part in parts}
    return Finding(
        key=key,
        region=regions.pop() if len(regions) == 1 else Region.FACE,
        severity=Severity.PRESENT if parts[0].seen else Severity.NONE,
        sureness=next(
            each
            for each in (Sureness.UNSURE, Sureness.PROBABLE, Sureness.UNRATED, Sureness.CLEAR)
            if each in surenesses
        ),
        parts=tuple(part.key for part in parts),
    )
