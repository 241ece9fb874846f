"""Two photos compare when lamp, distance and pose were alike; else it is said which was not."""

from dataclasses import replace

import pytest

from bot.skin.analysis import Analysis, Angle, Box, Provider
from bot.skin.photo import Conditions, PhotoIssue
from bot.skin.scene import Differs, Scene, comparable_with, differences, scene_of
from tests.progressing import scene

LIGHT, DISTANCE = frozenset({Differs.LIGHT}), frozenset({Differs.DISTANCE})


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (scene(), frozenset()),
        (scene(brightness=66, warmth=15, face_share=0.42, face_px=500, sharpness=90), frozenset()),
        (scene(brightness=75), LIGHT),
        (scene(warmth=24), LIGHT),
        (scene(unreadable_light=True), LIGHT),
        (scene(face_share=0.3), DISTANCE),
        (scene(face_px=1400), DISTANCE),
        (scene(face_share=None, face_px=None), DISTANCE),
        (scene(turned=True), frozenset({Differs.POSE})),
        (scene(blurred=True), frozenset({Differs.SHARPNESS})),
        (scene(sharpness=20), frozenset({Differs.SHARPNESS})),
        (scene(brightness=30, face_share=0.9, turned=True), LIGHT | DISTANCE | {Differs.POSE}),
    ],
)
def test_what_differs_is_named(other: Scene, told: frozenset[Differs]) -> None:
    """And it is the same from either side."""
    assert differences(scene(), other) == told == differences(other, scene())


def test_the_usual_photos_are_those_that_most_compare_with() -> None:
    """One under a warm lamp and one from afar stand out, wherever they stand in the row."""
    scenes = [scene(warmth=30), scene(), scene(brightness=63), scene(face_share=0.2), scene(brightness=57)]
    assert comparable_with(scenes) == [LIGHT, frozenset(), frozenset(), DISTANCE, frozenset()]
    assert comparable_with([]) == []


def test_a_new_habit_becomes_the_usual_one() -> None:
    """Of two equally large groups the newer one is taken."""
    scenes = [scene(brightness=40), scene(brightness=41), scene(brightness=70), scene(brightness=71)]
    assert comparable_with(scenes) == [LIGHT, LIGHT, frozenset(), frozenset()]


def test_scene_of_a_photo() -> None:
    """Pose by the analyzer or by our own look, light by the analyzer's classes or by our doubts."""
    conditions = Conditions(brightness=50, contrast=10, clipped=0, warmth=9, tint=8, sharpness=120)
    face = Box(left=100, top=100, width=500, height=520)
    plain = Analysis(provider=Provider.AILAB, face=face, ita=Angle(degrees=30, band=3))
    seen = scene_of(plain, conditions=conditions, doubts=frozenset(), width_px=1000)
    assert (seen.face_share, seen.face_px, seen.turned, seen.unreadable_light) == (0.5, 500, False, False)
    band_six = Analysis(provider=Provider.AILAB, ita=Angle(degrees=None, band=6))
    dark = scene_of(band_six, conditions=conditions, doubts=frozenset({PhotoIssue.TURNED_AWAY}), width_px=1000)
    assert (dark.face_share, dark.turned, dark.unreadable_light) == (None, True, True)
    for light in (PhotoIssue.TOO_DARK, PhotoIssue.TINTED_LIGHT, PhotoIssue.HALF_IN_SHADOW):
        doubtful = scene_of(plain, conditions=conditions, doubts=frozenset({light}), width_px=1000)
        assert (doubtful.unreadable_light, doubtful.turned) == (True, False)
    cut_off = scene_of(plain, conditions=conditions, doubts=frozenset({PhotoIssue.FACE_CUT_OFF}), width_px=1000)
    assert (cut_off.unreadable_light, cut_off.turned) == (False, True)
    assert not doubtful.covered


@pytest.mark.parametrize("doubt", [PhotoIssue.COVERED, PhotoIssue.COVERED_BELOW, PhotoIssue.COVERED_ASIDE])
def test_a_covered_face_compares_with_none(doubt: PhotoIssue) -> None:
    """What is read from half a face is not what is read from all of it; nor is half a face anybody's usual photo."""
    plain = scene()
    analysis = Analysis(provider=Provider.LOCAL)
    covered = scene_of(analysis, conditions=plain.conditions, doubts=frozenset({doubt}), width_px=1000)
    covered = replace(covered, face_share=plain.face_share, face_px=plain.face_px)

    assert differences(plain, covered) == differences(covered, plain) == frozenset({Differs.COVERED})
    assert comparable_with([plain, covered, covered])[0] == frozenset()
