"""How a photo was taken, and whether two of them compare: a difference between two lamps is none of the skin."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.skin.analysis import Analysis
from bot.skin.photo import Conditions, PhotoIssue

# The contract's classes for "the light makes this unreadable".
_NO_ITA_CLASS: Final = 6
_NO_HUE_CLASS: Final = 3

# Judged, not measured on people: half a stop of exposure moves L* by about 10, a warm lamp b* by more than 8.
_BRIGHTNESS_STEP: Final = 12.0
_CAST_STEP: Final = 8.0
_DISTANCE_RATIO: Final = 1.35
_DETAIL_RATIO: Final = 1.8
_SHARPNESS_RATIO: Final = 4.0


class Differs(StrEnum):
    """What about two photos, not the skin in them, is different."""

    LIGHT = "light"
    DISTANCE = "distance"
    POSE = "pose"
    SHARPNESS = "sharpness"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One photo's conditions. `face_share`: the face's width as a share of the picture's, `face_px`: in pixels of

    the photo that was analysed; both None when the face was not found. `unreadable_light`: by the analyzer's own
    classes, or too dark or bright by ours.
    """

    conditions: Conditions
    face_share: float | None
    face_px: float | None
    turned: bool
    unreadable_light: bool
    blurred: bool


def scene_of(analysis: Analysis, *, conditions: Conditions, doubts: frozenset[PhotoIssue], width_px: int) -> Scene:
    """The scene of a photo of that width, from what its pixels and its analysis say."""
    face = analysis.face
    ita, hue = analysis.ita, analysis.hue
    unreadable = (ita is not None and ita.band == _NO_ITA_CLASS) or (hue is not None and hue.band == _NO_HUE_CLASS)
    return Scene(
        conditions=conditions,
        face_share=round(face.width / width_px, 3) if face is not None and width_px else None,
        face_px=round(face.width) if face is not None else None,
        turned=analysis.head_pose_warning or PhotoIssue.TURNED_AWAY in doubts,
        unreadable_light=unreadable or bool(doubts & {PhotoIssue.TOO_DARK, PhotoIssue.TOO_BRIGHT}),
        blurred=PhotoIssue.BLURRED in doubts,
    )


def differences(one: Scene, other: Scene) -> frozenset[Differs]:
    """In what two photos differ by so much that what is read from them does not compare; symmetric."""
    found = {
        Differs.LIGHT: _light_differs(one, other),
        Differs.DISTANCE: _far_apart(one.face_share, other.face_share, _DISTANCE_RATIO)
        or _far_apart(one.face_px, other.face_px, _DETAIL_RATIO),
        Differs.POSE: one.turned or other.turned,
        Differs.SHARPNESS: one.blurred
        or other.blurred
        or _far_apart(one.conditions.sharpness, other.conditions.sharpness, _SHARPNESS_RATIO),
    }
    return frozenset(reason for reason, differs in found.items() if differs)


def comparable_with(scenes: Sequence[Scene]) -> list[frozenset[Differs]]:
    """For each photo in how it differs from the one that most others compare with (the newest of those).

    Nothing for the photos that make up the person's usual conditions: these are comparable.
    """
    apart = [[differences(one, other) for other in scenes] for one in scenes]
    agreeing = [sum(not each for each in row) for row in apart]
    if not scenes:
        return []
    usual = max(range(len(scenes)), key=lambda place: (agreeing[place], place))
    return apart[usual]


def _light_differs(one: Scene, other: Scene) -> bool:
    if one.unreadable_light or other.unreadable_light:
        return True
    first, second = one.conditions, other.conditions
    cast = math.hypot(first.warmth - second.warmth, first.tint - second.tint)
    return abs(first.brightness - second.brightness) > _BRIGHTNESS_STEP or cast > _CAST_STEP


def _far_apart(one: float | None, other: float | None, ratio: float) -> bool:
    """A face that was found in one photo only does not compare; one that was found in neither tells nothing."""
    if one is None or other is None:
        return one is not other
    low, high = sorted((max(one, 1e-6), max(other, 1e-6)))
    return high / low > ratio
