"""What is told first, what folds away, and what one small step fits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.skin.analysis import (
    Analysis,
    Angle,
    Box,
    Classified,
    MarkKind,
    Provider,
    Reading,
    Redness,
    SkinType,
    SkinZone,
    ToneLight,
)
from bot.skin.assess import assess, findings
from bot.skin.measures import NEVER_FOLLOWED
from bot.skin.photo import PhotoIssue
from bot.skin.places import Place
from bot.skin.report import DoctorNote, Finding, PhotoNote, Region, Report, Severity, Step, Sureness
from tests.analyses import boxes, clear_skin, everything_at_once, on_device, readings, usual_skin


def keys(found: tuple[Finding, ...]) -> list[str]:
    return [finding.key for finding in found]


def of_readings(values: dict[Reading, int], confidence: float | None = 0.9) -> Report:
    return assess(Analysis(provider=Provider.AILAB, readings=readings(values, confidence=confidence)))


def of_marks(marks: dict[MarkKind, tuple[Box, ...]]) -> Report:
    return assess(Analysis(provider=Provider.AILAB, marks=marks))


analyses = st.builds(
    Analysis,
    provider=st.sampled_from(Provider),
    readings=st.dictionaries(
        st.sampled_from(Reading),
        st.builds(
            Classified,
            value=st.integers(-1, 4),
            confidence=st.none() | st.floats(0, 1),
        ),
    ),
    marks=st.dictionaries(
        st.sampled_from(MarkKind),
        st.builds(boxes, st.integers(0, 30), st.none() | st.floats(0, 1)),
    ),
    skin_type=st.none() | st.builds(Classified, value=st.integers(-1, 4), confidence=st.floats(0, 1)),
    skin_age=st.none() | st.integers(0, 99),
    redness=st.none() | st.builds(Redness, area=st.none() | st.floats(0, 1), intensity=st.none() | st.floats(0, 100)),
    ita=st.none() | st.builds(Angle, degrees=st.floats(-90, 90), band=st.none() | st.integers(0, 6)),
)


@given(analyses)
def test_report_holds_every_finding_once(analysis: Analysis) -> None:
    """Each finding stands in one zone or among the unsure, or is the skin type: nothing is lost or told twice.

    But what was not seen is only told by a photo that would have shown it; that there are no moles, by none.
    """
    report = assess(analysis)
    zoned = [finding for zone in report.zones for finding in (*zone.seen, *zone.not_seen)]
    told = [key for finding in (*zoned, *report.unsure) for key in (finding.parts or (finding.key,))]
    if report.skin_type:
        told.append("skin_type")
    tellable = [
        finding.key
        for finding in findings(analysis)
        if finding.seen or (report.shows_all and finding.key not in NEVER_FOLLOWED)
    ]
    assert sorted(told) == sorted(tellable)


@given(analyses)
def test_report_never_watches_moles_types_or_doubtful_things(analysis: Analysis) -> None:
    """At most three to watch and three strengths; never a mole, never the skin type, never what is unsure."""
    report = assess(analysis)
    assert len(report.watch) <= 3
    assert len(report.strengths) <= 3
    assert not {"mole", "skin_type"} & set(keys(report.watch) + keys(report.strengths))
    assert all(finding.sureness is not Sureness.UNSURE for finding in (*report.watch, *report.strengths))
    assert all(finding.seen for finding in report.watch)


def test_watch_puts_first_what_care_can_change() -> None:
    """Pimples come before bags, bags before smile lines, whatever the confidences are."""
    report = of_readings({Reading.NASOLABIAL_FOLD: 1, Reading.EYE_POUCH: 1, Reading.BLACKHEAD: 1})
    assert keys(report.watch) == ["blackhead", "eye_pouch", "nasolabial_fold"]


def test_watch_puts_the_stronger_first_within_a_tier() -> None:
    """A lot of blackheads come before visible pores, a few come after."""
    pores = {Reading.PORES_JAW: 1}
    assert keys(of_readings({**pores, Reading.BLACKHEAD: 3}).watch) == ["blackhead", "pores"]
    assert keys(of_readings({**pores, Reading.BLACKHEAD: 1}).watch) == ["pores", "blackhead"]


def test_shadow_circles_come_after_circles_that_sleep_can_ease() -> None:
    """A shadow is a matter of light; the other types are a matter of habits."""
    values = {Reading.CROWS_FEET: 1, Reading.NASOLABIAL_FOLD: 1}
    assert keys(of_readings({**values, Reading.DARK_CIRCLE: 3}).watch)[-1] == "dark_circle"
    assert keys(of_readings({**values, Reading.DARK_CIRCLE: 2}).watch)[0] == "dark_circle"


def test_pores_and_lines_are_watched_as_one_each() -> None:
    """Pores in four places take one of the three places, with their parts named."""
    report = assess(everything_at_once())
    pores = next(finding for finding in of_readings(dict.fromkeys(_PORES, 1)).watch)
    assert (pores.key, pores.parts, pores.region) == ("pores", tuple(_PORES), Region.FACE)
    assert len(report.watch) == 3


_PORES = (
    Reading.PORES_FOREHEAD,
    Reading.PORES_LEFT_CHEEK,
    Reading.PORES_RIGHT_CHEEK,
    Reading.PORES_JAW,
)


def test_group_is_as_sure_as_its_least_sure_part() -> None:
    """Clear crow's feet and probable frown lines make probable lines; unsure ones stay out of it."""
    report = assess(
        Analysis(
            provider=Provider.AILAB,
            readings={
                Reading.CROWS_FEET: Classified(value=1, confidence=0.95),
                Reading.GLABELLA_WRINKLE: Classified(value=1, confidence=0.6),
                Reading.FOREHEAD_WRINKLE: Classified(value=1, confidence=0.5),
            },
        )
    )
    assert report.watch[0].sureness is Sureness.PROBABLE
    assert report.watch[0].parts == ("glabella_wrinkle", "crows_feet")
    assert keys(report.unsure) == ["forehead_wrinkle"]


def test_boxes_that_are_all_doubtful_go_to_the_less_sure() -> None:
    """Twelve spots below .55 are not 'to watch'."""
    report = of_marks({MarkKind.SKIN_SPOT: boxes(12, 0.54)})
    assert (keys(report.watch), keys(report.unsure)) == ([], ["skin_spot"])


def test_one_probable_box_is_enough_to_watch() -> None:
    """The surest box speaks for its kind."""
    assert keys(of_marks({MarkKind.ACNE: (*boxes(1, 0.55), *boxes(9, 0.3))}).watch) == ["acne"]


def test_little_redness_is_a_strength_and_much_is_watched() -> None:
    """Below 5 % it is a strength, from 10 % on it is watched, in between neither."""
    calm, some, much = (assess(replace(on_device(area=area), not_visible=frozenset())) for area in (0.04, 0.07, 0.10))
    assert "sensitivity" in keys(calm.strengths)
    assert "sensitivity" not in keys(some.strengths) + keys(some.watch)
    assert "sensitivity" in keys(much.watch)


def test_strengths_of_clear_skin() -> None:
    """With everything absent, three things are praised and nothing is watched."""
    report = assess(clear_skin())
    assert keys(report.strengths) == ["acne", "sensitivity", "pores"]
    assert (report.watch, report.unsure, report.doctor) == ((), (), ())


def test_no_lines_is_said_only_when_it_holds_everywhere() -> None:
    """With crow's feet seen, the smooth forehead is praised by itself."""
    report = of_readings({Reading.FOREHEAD_WRINKLE: 0, Reading.CROWS_FEET: 1})
    assert keys(report.strengths) == ["forehead_wrinkle"]


def test_rest_holds_what_was_not_told_above() -> None:
    """The fold does not repeat what stands among strengths or to watch."""
    report = assess(usual_skin())
    told_above = {key for each in (*report.strengths, *report.watch) for key in each.parts or (each.key,)}
    in_rest = {
        key for zone in report.rest for each in (*zone.seen, *zone.not_seen) for key in each.parts or (each.key,)
    }
    in_zones = {
        key for zone in report.zones for each in (*zone.seen, *zone.not_seen) for key in each.parts or (each.key,)
    }
    assert not told_above & in_rest
    assert told_above | in_rest == in_zones


def test_cheeks_that_agree_are_told_as_one() -> None:
    """Which cheek the vendor calls left can't be known, so both are 'both' and one is 'one'."""
    both = of_readings({Reading.PORES_LEFT_CHEEK: 1, Reading.PORES_RIGHT_CHEEK: 1})
    one = of_readings({Reading.PORES_LEFT_CHEEK: 1, Reading.PORES_RIGHT_CHEEK: 0})
    assert both.zones[0].seen[0].parts == ("pores_left_cheek", "pores_right_cheek")
    assert (keys(one.zones[0].seen), keys(one.zones[0].not_seen)) == (
        ["pores_left_cheek"],
        ["pores_right_cheek"],
    )


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ({Reading.BLACKHEAD: 1}, Step.BLACKHEAD),
        ({Reading.PORES_JAW: 1}, Step.PORES),
        ({Reading.DARK_CIRCLE: 1}, Step.DARK_CIRCLES_PIGMENTED),
        ({Reading.DARK_CIRCLE: 2}, Step.DARK_CIRCLES_VASCULAR),
        ({Reading.DARK_CIRCLE: 3}, Step.DARK_CIRCLES_SHADOW),
        ({Reading.EYE_POUCH: 1}, Step.EYE_BAGS),
        ({Reading.EYE_FINELINES: 1}, Step.LINES),
        ({Reading.NASOLABIAL_FOLD: 1}, Step.SMILE_LINES),
        ({}, Step.SUN),
    ],
)
def test_step_fits_the_first_thing_to_watch(values: dict[Reading, int], step: Step) -> None:
    """One step, for what is watched first; sunscreen when there is nothing."""
    assert of_readings(values).step is step


@pytest.mark.parametrize(
    ("kind", "step"),
    [
        (MarkKind.ACNE, Step.ACNE),
        (MarkKind.CLOSED_COMEDONES, Step.CLOSED_COMEDONES),
        (MarkKind.SKIN_SPOT, Step.SPOTS),
        (MarkKind.MOLE, Step.SUN),
        (MarkKind.RED_SPOTS, Step.RED_SPOTS),
    ],
)
def test_step_for_marks(kind: MarkKind, step: Step) -> None:
    """Each kind of mark has its step; moles have none but the sun's."""
    assert of_marks({kind: boxes(2, 0.9)}).step is step


@pytest.mark.parametrize(
    ("skin_type", "confidence", "step"),
    [
        (SkinType.OILY, 0.9, Step.OILY_SKIN),
        (SkinType.DRY, 0.6, Step.DRY_SKIN),
        (SkinType.COMBINATION, 0.6, Step.COMBINATION_SKIN),
        (SkinType.NORMAL, 0.9, Step.SUN),
        (SkinType.DRY, 0.5, Step.SUN),
    ],
)
def test_step_for_clear_skin_fits_its_type(skin_type: SkinType, confidence: float, step: Step) -> None:
    """With nothing to watch, the step fits the skin type, unless that is unsure."""
    analysis = replace(clear_skin(), skin_type=Classified(value=skin_type, confidence=confidence))
    assert assess(analysis).step is step


@pytest.mark.parametrize(
    ("marks", "doctor"),
    [
        ({MarkKind.MOLE: boxes(1, 0.31)}, (DoctorNote.MOLES,)),
        ({MarkKind.MOLE: boxes(1, 0.9), MarkKind.ACNE: boxes(40, 0.9)}, (DoctorNote.ACNE, DoctorNote.MOLES)),
        ({MarkKind.DARK_SPOTS: boxes(1)}, (DoctorNote.MOLES,)),
        ({MarkKind.RED_SPOTS: boxes(1)}, (DoctorNote.URGENT, DoctorNote.SORES)),
        ({MarkKind.RED_SPOTS: boxes(3, faint=True), MarkKind.DARK_SPOTS: boxes(3, faint=True)}, ()),
        (
            {MarkKind.RED_SPOTS: boxes(1), MarkKind.DARK_SPOTS: boxes(2)},
            (DoctorNote.URGENT, DoctorNote.MOLES_AND_SORES),
        ),
        ({MarkKind.ACNE: boxes(10, 0.6)}, (DoctorNote.ACNE,)),
        ({MarkKind.ACNE: boxes(9, 0.6)}, ()),
        ({MarkKind.ACNE: boxes(40, 0.5)}, ()),
        ({MarkKind.ACNE: boxes(10)}, (DoctorNote.ACNE,)),
        ({MarkKind.CLOSED_COMEDONES: boxes(10, 0.6)}, (DoctorNote.COMEDONES,)),
        ({MarkKind.SKIN_SPOT: boxes(40, 0.9)}, (DoctorNote.MOLES,)),
        ({MarkKind.SKIN_SPOT: boxes(40, 0.3)}, ()),
        ({}, ()),
    ],
)
def test_doctor_line_for_marks(marks: dict[MarkKind, tuple[Box, ...]], doctor: tuple[DoctorNote, ...]) -> None:
    """Any mole asks for eyes better than a photo's, and hides nothing; pimples only when many of them are probable.

    This device's own spots do so where not all are faint: those may be anything.
    """
    assert of_marks(marks).doctor == doctor


@pytest.mark.parametrize(
    ("values", "doctor"),
    [
        ({Reading.EYE_POUCH: 1, Reading.EYE_POUCH_SEVERITY: 2}, (DoctorNote.EYE_BAGS,)),
        ({Reading.EYE_POUCH: 1, Reading.EYE_POUCH_SEVERITY: 1}, ()),
        ({Reading.BLACKHEAD: 3}, (DoctorNote.COMEDONES,)),
        ({Reading.BLACKHEAD: 2}, ()),
        ({Reading.DARK_CIRCLE: 2}, (DoctorNote.DARK_CIRCLES,)),
        ({Reading.FOREHEAD_WRINKLE: 1, Reading.NASOLABIAL_FOLD: 1}, ()),
    ],
)
def test_doctor_line_for_readings(values: dict[Reading, int], doctor: tuple[DoctorNote, ...]) -> None:
    """Only a lot of something asks for a doctor; lines never do."""
    assert of_readings(values).doctor == doctor


def test_doctor_line_for_redness() -> None:
    """Signs of urgency as soon as there is more than very little; from 30 % on that it may last."""
    assert [
        assess(Analysis(provider=Provider.AILAB, redness=Redness(area=area, intensity=None))).doctor
        for area in (0.04, 0.05, 0.29, 0.30)
    ] == [(), (DoctorNote.URGENT,), (DoctorNote.URGENT,), (DoctorNote.REDNESS,)]


@pytest.mark.parametrize(
    ("analysis", "notes"),
    [
        (Analysis(provider=Provider.AILAB, ita=Angle(degrees=80, band=6)), (PhotoNote.BAD_LIGHT,)),
        (Analysis(provider=Provider.AILAB, hue=Angle(degrees=2, band=3)), (PhotoNote.BAD_LIGHT,)),
        (Analysis(provider=Provider.AILAB, ita=Angle(degrees=50, band=3)), ()),
        (Analysis(provider=Provider.AILAB, head_pose_warning=True), (PhotoNote.HEAD_TURNED,)),
        (
            Analysis(provider=Provider.AILAB, face=Box(left=0, top=0, width=399, height=420)),
            (PhotoNote.FACE_SMALL,),
        ),
        (Analysis(provider=Provider.AILAB, face=Box(left=0, top=0, width=400, height=400)), ()),
    ],
)
def test_photo_notes_from_the_answer(analysis: Analysis, notes: tuple[PhotoNote, ...]) -> None:
    """ITA class 6, HA class 3, the head pose warning and a face under 400 px speak about the photo."""
    assert assess(analysis).photo_notes == notes


@pytest.mark.parametrize("issue", list(PhotoIssue))
def test_every_doubt_about_the_photo_is_noted(issue: PhotoIssue) -> None:
    """A photo that is used anyway keeps its doubt in the report."""
    assert len(assess(clear_skin(), doubts=frozenset({issue})).photo_notes) == 1


def test_places_that_are_hidden_are_named_and_nothing_else_is_said_of_them() -> None:
    """Of half a face under a mask: what is under it by name, no absence, and that it was too little to tell more."""
    masked = Analysis(
        provider=Provider.LOCAL,
        not_visible=frozenset({SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.CHIN}),
        partly_visible=frozenset({SkinZone.LEFT_JAW}),
    )
    report = assess(masked, doubts=frozenset({PhotoIssue.COVERED_BELOW}))

    assert report.not_visible == (Place.NOSE, Place.CHEEKS, Place.CHIN)
    assert report.partly_visible == (Place.LEFT_JAW,)
    assert report.photo_notes == (PhotoNote.COVERED_BELOW,)
    assert (report.strengths, report.watch, report.zones, report.rest, report.redness) == ((), (), (), (), None)
    assert report.shows_nothing
    assert not assess(on_device()).shows_nothing


def test_light_is_noted_once() -> None:
    """A dark photo is not also 'in unusual light', and a turned head is turned once."""
    report = assess(everything_at_once(), doubts=frozenset({PhotoIssue.TOO_DARK, PhotoIssue.TURNED_AWAY}))
    assert report.photo_notes == (PhotoNote.TOO_DARK, PhotoNote.HEAD_TURNED, PhotoNote.FACE_SMALL)


def test_colour_angles_are_left_out_when_the_light_spoils_them() -> None:
    """Not from a photo that is too dark, too bright or in a light that the analyzer calls unreadable."""
    assert assess(everything_at_once()).tone is None
    assert assess(clear_skin(), doubts=frozenset({PhotoIssue.TOO_DARK})).tone is None
    assert assess(clear_skin(), doubts=frozenset({PhotoIssue.TOO_BRIGHT})).tone is None


@pytest.mark.parametrize(
    ("light", "margins"), [(ToneLight.PHOTO, (30, 17)), (ToneLight.EYES, (30, 9)), (ToneLight.PAPER, (12, 5))]
)
def test_colour_angles_come_with_what_other_days_move_them_by(light: ToneLight, margins: tuple[int, int]) -> None:
    """The lamp moves how light skin looks by far more than its hue, of which the whites of the eyes mend half.

    A sheet of paper mends both, as far as it gets the light that the cheeks get.
    """
    tone = assess(replace(clear_skin(), tone_light=light)).tone
    assert tone is not None
    assert (tone.ita, tone.hue) == (33.2, 50.1)
    assert (tone.ita_margin, tone.hue_margin) == margins


@pytest.mark.parametrize(("age", "told"), [(31, (28, 34)), (1, (0, 4)), (None, None)])
def test_skin_age_is_a_range(age: int | None, told: tuple[int, int] | None) -> None:
    """Three years to each side, not below nothing, and only where it is switched on."""
    analysis = replace(clear_skin(), skin_age=age)
    assert assess(analysis, show_skin_age=True).skin_age == told
    assert assess(analysis).skin_age is None


def test_moles_are_counted_and_unmeasured_moles_are_not() -> None:
    """Zero moles is a number; on this device there is none."""
    assert [assess(each).moles for each in (usual_skin(), clear_skin(), on_device())] == [1, 0, None]


def test_on_device_report_says_that_not_all_is_measured() -> None:
    """Once, as a fact of the report."""
    assert [assess(each).not_measured for each in (on_device(), usual_skin())] == [True, False]


def test_severity_of_usual_skin_agrees_with_its_answer() -> None:
    """Field by field: what the answer holds is what the zones and the unsure say."""
    report = assess(usual_skin())
    seen = {each.key: each.severity for zone in report.zones for each in zone.seen}
    assert seen == {
        "eye_finelines": Severity.PRESENT,
        "dark_circle": Severity.PRESENT,
        "eye_pouch": Severity.MODERATE,
        "pores": Severity.PRESENT,
        "blackhead": Severity.MODERATE,
        "acne": Severity.PRESENT,
        "sensitivity": Severity.PRESENT,
    }
    assert keys(report.unsure) == ["nasolabial_fold", "closed_comedones", "mole"]


def test_redness_pimples_and_moles_at_once() -> None:
    """The urgent first; the caption has room for two, and moles push neither out."""
    report = assess(
        Analysis(
            provider=Provider.AILAB,
            marks={MarkKind.ACNE: boxes(12, 0.8), MarkKind.MOLE: boxes(2, 0.9)},
            redness=Redness(area=0.4, intensity=50),
        )
    )
    assert report.doctor == (DoctorNote.REDNESS, DoctorNote.ACNE, DoctorNote.MOLES)


@pytest.mark.parametrize("issue", [issue for issue in PhotoIssue if issue is not PhotoIssue.SIDE_LIGHT])
def test_a_photo_with_a_doubt_tells_no_absence(issue: PhotoIssue) -> None:
    """Dark, bright, tinted, blurred, small, turned, cut off, half in shadow: nothing is said not to be there."""
    report = assess(clear_skin(), doubts=frozenset({issue}))
    assert (report.strengths, report.zones, report.rest, report.unsure) == ((), (), (), ())
    assert not report.shows_all


def test_light_from_a_side_is_told_and_hides_nothing() -> None:
    """Its shadows look like more than there is; with half the face in them it is told once, and less is seen."""
    lit = assess(clear_skin(), doubts=frozenset({PhotoIssue.SIDE_LIGHT}))
    assert lit.photo_notes == (PhotoNote.SIDE_LIGHT,)
    assert lit.strengths == assess(clear_skin()).strengths
    half = assess(clear_skin(), doubts=frozenset({PhotoIssue.SIDE_LIGHT, PhotoIssue.HALF_IN_SHADOW}))
    assert (half.photo_notes, half.strengths) == ((PhotoNote.HALF_IN_SHADOW,), ())


def test_redness_in_tinted_light_is_not_told_by_this_device() -> None:
    """A sunset is no redness: neither to watch nor for a doctor. The vendor's is told, with the note."""
    tinted = frozenset({PhotoIssue.TINTED_LIGHT})
    red = replace(on_device(area=0.4), marks={MarkKind.RED_SPOTS: boxes(3, None)})
    assert DoctorNote.REDNESS in assess(red).doctor
    told = assess(red, doubts=tinted)
    assert (told.watch, told.doctor, told.redness) == ((), (), None)
    assert told.photo_notes == (PhotoNote.BAD_LIGHT,)
    assert DoctorNote.REDNESS in assess(replace(red, provider=Provider.AILAB), doubts=tinted).doctor


@pytest.mark.parametrize(
    "doubtful",
    [
        replace(clear_skin(), ita=Angle(degrees=80, band=6)),
        replace(clear_skin(), head_pose_warning=True),
        replace(clear_skin(), face=Box(left=0, top=0, width=300, height=300)),
        replace(on_device(area=0.01), marks={MarkKind.RED_SPOTS: (), MarkKind.DARK_SPOTS: ()}),
    ],
)
def test_an_answer_with_a_doubt_tells_no_absence(doubtful: Analysis) -> None:
    """Coloured light, a turned head, a small face, a face that is partly hidden."""
    report = assess(doubtful)
    assert report.strengths == ()
    assert all(not zone.not_seen for zone in report.zones)
    assert all(finding.seen for finding in report.unsure)


def test_no_moles_and_no_spots_of_this_device_are_no_news() -> None:
    """A photo can't judge them, and may miss them: that none was found calms nobody."""
    calm = assess(replace(on_device(area=0.01), marks=dict.fromkeys(MarkKind, ()), not_visible=frozenset()))
    told = [finding.key for zone in calm.zones for finding in zone.not_seen]
    assert {"mole", "dark_spots", "red_spots"}.isdisjoint([*told, *keys(calm.strengths)])
    assert "acne" in told


def test_what_is_not_true_leads_to_nothing() -> None:
    """Out of what stands out, the step, the doctor lines, the zones and the unsure; named by itself."""
    skin = replace(usual_skin(), marks={MarkKind.ACNE: boxes(12, 0.9), MarkKind.MOLE: boxes(1, 0.2)})
    before = assess(skin)
    after = assess(skin, disputed=frozenset({"acne", "mole", "pores_left_cheek", "pores_right_cheek"}))
    assert (before.watch[0].key, before.step) != (after.watch[0].key, after.step) or before.doctor != after.doctor
    assert DoctorNote.ACNE in before.doctor
    assert not {DoctorNote.ACNE, DoctorNote.MOLES} & set(after.doctor)
    everywhere = [finding for zone in after.zones for finding in (*zone.seen, *zone.not_seen)]
    left = {key for each in (*after.watch, *everywhere, *after.unsure) for key in each.parts or (each.key,)}
    assert {"acne", "mole", "pores_left_cheek", "pores_right_cheek"}.isdisjoint(left)
    assert set(keys(after.untrue)) == {"acne", "mole", "pores"}
