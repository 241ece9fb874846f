"""What would spoil a photo for a running experiment: it is asked for again, and never counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Final

from bot.skin.analysis import Sides
from bot.skin.photo import PhotoIssue
from bot.skin.scene import Differs, Scene, differences

SIDE_LIGHT_FROM: Final = 0.1  # of the light on both cheeks, their difference over their sum: 15 % is told from here
_OTHER_SIDE: Final = 0.1  # more of it than in the first photos, or less
_LESS_SEEN: Final = 0.15  # of a cheek than in the first photos: a beard is always there, a strand of hair is not


class Spoiled(StrEnum):
    """In the order of what is best mended first."""

    SIDE_LIGHT = "side_light"
    BAD_LIGHT = "bad_light"
    OTHER_LIGHT = "other_light"
    HIDDEN = "hidden"
    TURNED = "turned"
    BLURRED = "blurred"
    SMALL = "small"
    OTHER_DISTANCE = "other_distance"
    OTHER_SHARPNESS = "other_sharpness"


@dataclass(frozen=True, kw_only=True)
class ExperimentPhoto:
    """`sides`: of what the experiment is judged by; None where it was not measured."""

    scene: Scene
    doubts: frozenset[PhotoIssue]
    sides: Sides | None

    @property
    def side_light(self) -> float | None:
        return self.scene.conditions.side_light


def spoils(photo: ExperimentPhoto, first: Sequence[ExperimentPhoto]) -> frozenset[Spoiled]:
    """`first`: the first photos that count in this experiment, empty for the very first one.

    It has to compare with one of them, not with the newest: else the light could wander from week to week.
    """
    return frozenset((*_by_itself(photo), *(_beside(photo, first) if first else ())))


def _by_itself(photo: ExperimentPhoto) -> Iterator[Spoiled]:
    scene, doubts = photo.scene, photo.doubts
    aside = abs(photo.side_light or 0.0) >= SIDE_LIGHT_FROM or PhotoIssue.SIDE_LIGHT in doubts
    if aside or PhotoIssue.HALF_IN_SHADOW in doubts:
        yield Spoiled.SIDE_LIGHT
    elif scene.unreadable_light:
        yield Spoiled.BAD_LIGHT
    if scene.turned:
        yield Spoiled.TURNED
    if scene.blurred:
        yield Spoiled.BLURRED
    if PhotoIssue.FACE_SMALL in doubts:
        yield Spoiled.SMALL
    if scene.covered or photo.sides is None or None in {photo.sides.left, photo.sides.right}:
        yield Spoiled.HIDDEN


def _beside(photo: ExperimentPhoto, first: Sequence[ExperimentPhoto]) -> Iterator[Spoiled]:
    """What is told by itself already is not told again as being other than before."""
    scene = photo.scene
    differs = min((differences(scene, other.scene) for other in first), key=len)
    if (Differs.LIGHT in differs and not scene.unreadable_light) or _lit_from_elsewhere(photo, first):
        yield Spoiled.OTHER_LIGHT
    if Differs.DISTANCE in differs and PhotoIssue.FACE_SMALL not in photo.doubts:
        yield Spoiled.OTHER_DISTANCE
    if Differs.SHARPNESS in differs and not scene.blurred:
        yield Spoiled.OTHER_SHARPNESS
    if _less_is_seen(photo, first):
        yield Spoiled.HIDDEN


def _lit_from_elsewhere(photo: ExperimentPhoto, first: Sequence[ExperimentPhoto]) -> bool:
    before = [other.side_light for other in first if other.side_light is not None]
    if photo.side_light is None or not before or abs(photo.side_light) >= SIDE_LIGHT_FROM:
        return False
    return abs(photo.side_light - median(before)) >= _OTHER_SIDE


def _less_is_seen(photo: ExperimentPhoto, first: Sequence[ExperimentPhoto]) -> bool:
    before = [other.sides.seen for other in first if other.sides is not None and other.sides.seen is not None]
    if photo.sides is None or photo.sides.seen is None or not before:
        return False
    return photo.sides.seen < median(before) - _LESS_SEEN
