"""How a photo was taken, and whether two of them compare: a difference between two lamps is none of the skin."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.skin.analysis import Analysis
from bot.skin.photo import Conditions, PhotoIssue

# The contract's classes for "the light makes this unreadable".
_NO_ITA_CLASS: Final = 6
_NO_HUE_CLASS: Final = 3

# Judged, not measured on people: half a stop of exposure moves L* by about 10, a warm lamp b* by more than 8.
_BRIGHTNESS_STEP: Final = 12.0
_CAST_STEP: Final = 8.0
_DISTANCE_RATIO: Final = math.log(1.35)
_DETAIL_RATIO: Final = math.log(1.8)
_SHARPNESS_RATIO: Final = math.log(4.0)
_NO_FACE: Final = -100.0
_COVERED: Final = frozenset({PhotoIssue.COVERED, PhotoIssue.COVERED_BELOW, PhotoIssue.COVERED_ASIDE})

_UNREADABLE_LIGHT: Final = frozenset(
    {PhotoIssue.TOO_DARK, PhotoIssue.TOO_BRIGHT, PhotoIssue.HALF_IN_SHADOW, PhotoIssue.TINTED_LIGHT}
)
_OTHER_PARTS: Final = frozenset({PhotoIssue.TURNED_AWAY, PhotoIssue.FACE_CUT_OFF})  # of the face are seen


class Differs(StrEnum):
    """What about two photos, not the skin in them, is different."""

    LIGHT = "light"
    DISTANCE = "distance"
    POSE = "pose"
    SHARPNESS = "sharpness"
    COVERED = "covered"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One photo's conditions. `face_share`: the face's width as a share of the picture's, `face_px`: in pixels of

    the photo that was analysed; both None when the face was not found. `unreadable_light`: by the analyzer's own
    classes, or too dark, bright, coloured or uneven by ours. `turned`: or a part of it lies beyond the picture.
    """

    conditions: Conditions
    face_share: float | None
    face_px: float | None
    turned: bool
    unreadable_light: bool
    blurred: bool
    covered: bool = False


def scene_of(analysis: Analysis, *, conditions: Conditions, doubts: frozenset[PhotoIssue], width_px: int) -> Scene:
    """The scene of a photo of that width, from what its pixels and its analysis say."""
    face = analysis.face
    ita, hue = analysis.ita, analysis.hue
    unreadable = (ita is not None and ita.band == _NO_ITA_CLASS) or (hue is not None and hue.band == _NO_HUE_CLASS)
    return Scene(
        conditions=conditions,
        face_share=round(face.width / width_px, 3) if face is not None and width_px else None,
        face_px=round(face.width) if face is not None else None,
        turned=analysis.head_pose_warning or not _OTHER_PARTS.isdisjoint(doubts),
        unreadable_light=unreadable or not _UNREADABLE_LIGHT.isdisjoint(doubts),
        blurred=PhotoIssue.BLURRED in doubts,
        covered=bool(doubts & _COVERED),
    )


def differences(one: Scene, other: Scene) -> frozenset[Differs]:
    """In what two photos differ by so much that what is read from them does not compare; symmetric."""
    first, second = _settings_of(one), _settings_of(other)
    found = {
        Differs.LIGHT: one.unreadable_light or other.unreadable_light or not _same_light(first, second),
        Differs.DISTANCE: not _same_distance(first, second),
        Differs.POSE: one.turned or other.turned,
        Differs.SHARPNESS: one.blurred or other.blurred or not _same_sharpness(first, second),
        Differs.COVERED: one.covered or other.covered,
    }
    return frozenset(reason for reason, differs in found.items() if differs)


def comparable_with(scenes: Sequence[Scene]) -> list[frozenset[Differs]]:
    """For each photo in how it differs from the one that most others compare with (the newest of those).

    Nothing for the photos that make up the person's usual conditions: these are comparable.
    """
    if not scenes:
        return []
    agreeing = _agreeing(scenes)
    usual = scenes[max(range(len(scenes)), key=lambda place: (agreeing[place], place))]
    return [differences(usual, other) for other in scenes]


class _Settings(NamedTuple):
    """A scene's numbers, those that are compared by their ratio as logarithms. Pairs are many: so a bare tuple."""

    brightness: float
    warmth: float
    tint: float
    face_share: float
    face_px: float
    sharpness: float


def _settings_of(scene: Scene) -> _Settings:
    conditions = scene.conditions
    return _Settings(
        brightness=conditions.brightness,
        warmth=conditions.warmth,
        tint=conditions.tint,
        face_share=_logarithm(scene.face_share),
        face_px=_logarithm(scene.face_px),
        sharpness=_logarithm(conditions.sharpness),
    )


def _logarithm(value: float | None) -> float:
    """A face that was not found is far from every one that was, and tells nothing beside another such photo."""
    return _NO_FACE if value is None else math.log(max(value, 1e-6))


def _agreeing(scenes: Sequence[Scene]) -> list[int]:
    """With how many photos each one compares, itself included."""
    counts = [0] * len(scenes)
    plain = [
        (place, _settings_of(scene))
        for place, scene in enumerate(scenes)
        if not (scene.turned or scene.blurred or scene.unreadable_light or scene.covered)
    ]
    for rank, (place, settings) in enumerate(plain):
        counts[place] += 1
        for other, theirs in plain[rank + 1 :]:
            if _same_light(settings, theirs) and _same_distance(settings, theirs) and _same_sharpness(settings, theirs):
                counts[place] += 1
                counts[other] += 1
    return counts


def _same_light(one: _Settings, other: _Settings) -> bool:
    if abs(one.brightness - other.brightness) > _BRIGHTNESS_STEP:
        return False
    return math.hypot(one.warmth - other.warmth, one.tint - other.tint) <= _CAST_STEP


def _same_distance(one: _Settings, other: _Settings) -> bool:
    near = abs(one.face_share - other.face_share) <= _DISTANCE_RATIO
    return near and abs(one.face_px - other.face_px) <= _DETAIL_RATIO


def _same_sharpness(one: _Settings, other: _Settings) -> bool:
    return abs(one.sharpness - other.sharpness) <= _SHARPNESS_RATIO
