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
)
from bot.skin.assess import assess, findings
from bot.skin.measures import NEVER_FOLLOWED
from bot.skin.photo import PhotoIssue
from bot.skin.places import Place
from bot.skin.report import DoctorNote, Finding, PhotoNote, Region, Report, Severity, Step, Sureness
from tests.analyses import boxes, clear_skin, everything_at_once, on_device, readings, usual_skin


def keys(found: tuple[Finding, ...]) -> list[str]:
    return [finding.key for finding in found]


def told_keys(found: tuple[Finding, ...]) -> list[str]:
    """The contract's fields that they were told from."""
    return [key for finding in found for key in finding.parts or (finding.key,)]


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
    """What was seen stands in one list, or is the skin type or next to no redness: nothing is lost or told twice.

    What was not seen stands with what is hardly seen, or nowhere.
    """
    report = assess(analysis)
    told = told_keys((*report.watch, *report.also, *report.unsure))
    if report.skin_type:
        told.append("skin_type")
    seen = {each.key for each in findings(analysis) if each.seen and not (each.share or 1) < 0.05}
    assert sorted(told) == sorted(seen)
    assert set(told).isdisjoint(told_keys(report.hardly_seen))
    hardly = {each.key for each in findings(analysis) if not each.seen or (each.share or 1) < 0.05}
    assert set(told_keys(report.hardly_seen)) <= hardly - set(NEVER_FOLLOWED)


@given(analyses)
def test_report_never_watches_moles_types_or_doubtful_things(analysis: Analysis) -> None:
    """Three at most; never a mole, never the skin type, never what is unsure, never one or two boxes."""
    report = assess(analysis)
    assert len(report.watch) <= 3
    assert not {"mole", "skin_type"} & set(keys(report.watch) + keys(report.hardly_seen))
    assert all(finding.sureness is not Sureness.UNSURE for finding in (*report.watch, *report.hardly_seen))
    assert all(finding.seen and finding.severity is not Severity.MILD for finding in report.watch)
    assert all(finding.sure_count is None or finding.sure_count > 2 for finding in report.watch)


@given(analyses)
def test_report_leads_with_the_highest_grade(analysis: Analysis) -> None:
    """The first is of the highest grade of all that is sure, but for moles, which are never graded; so is its step."""
    report = assess(analysis)
    sure = [each for each in (*report.watch, *report.also) if each.key not in {"mole", "freckles"}]
    if report.watch:
        assert GRADES.index(report.watch[0].severity) == max(GRADES.index(each.severity) for each in sure)
    else:
        assert all(each.severity is Severity.MILD for each in sure)


GRADES = (Severity.NONE, Severity.MILD, Severity.PRESENT, Severity.MODERATE, Severity.STRONG)


def test_watch_puts_first_what_care_can_change() -> None:
    """Of one grade, pimples come before bags, bags before smile lines, whatever the confidences are."""
    values = {Reading.NASOLABIAL_FOLD: 1, Reading.NASOLABIAL_FOLD_SEVERITY: 2}
    report = of_readings({**values, Reading.EYE_POUCH: 1, Reading.EYE_POUCH_SEVERITY: 1, Reading.BLACKHEAD: 2})
    assert keys(report.watch) == ["blackhead", "eye_pouch", "nasolabial_fold"]


def test_many_pimples_and_much_redness_come_before_blackheads() -> None:
    """A report over thirty pimples and a third of red skin speaks of these."""
    report = assess(
        Analysis(
            provider=Provider.AILAB,
            readings=readings({Reading.BLACKHEAD: 3}),
            marks={MarkKind.ACNE: (*boxes(21, 0.8), *boxes(9, 0.4)), MarkKind.MOLE: boxes(4, 0.9)},
            redness=Redness(area=0.34, intensity=40),
        )
    )
    assert keys(report.watch) == ["acne", "sensitivity", "blackhead"]
    assert report.step is Step.ACNE


@pytest.mark.parametrize(
    ("count", "grade"),
    [(1, Severity.MILD), (2, Severity.MILD), (3, Severity.MODERATE), (9, Severity.MODERATE), (10, Severity.STRONG)],
)
def test_counts_are_graded_by_what_is_sure(count: int, grade: Severity) -> None:
    """However many doubtful boxes come with them."""
    (finding,) = findings(
        Analysis(provider=Provider.AILAB, marks={MarkKind.ACNE: (*boxes(count, 0.6), *boxes(30, 0.4))})
    )
    assert (finding.severity, finding.sure_count, finding.count) == (grade, count, count + 30)


@pytest.mark.parametrize(
    ("area", "grade"),
    [
        (0.0, Severity.NONE),
        (0.04, Severity.MILD),
        (0.09, Severity.MILD),
        (0.1, Severity.MODERATE),
        (0.3, Severity.STRONG),
    ],
)
def test_redness_is_graded_by_its_share(area: float, grade: Severity) -> None:
    (finding,) = findings(Analysis(provider=Provider.AILAB, redness=Redness(area=area, intensity=None)))
    assert finding.severity is grade


def test_what_cannot_be_judged_is_not_graded() -> None:
    """Moles and this device's dark spots: some, however many; a few are a few."""
    many = {MarkKind.MOLE: boxes(40, 0.9), MarkKind.DARK_SPOTS: boxes(40)}
    few = {MarkKind.MOLE: boxes(2, 0.9), MarkKind.DARK_SPOTS: boxes(1)}
    for marks, grade in ((many, Severity.PRESENT), (few, Severity.MILD)):
        assert {each.severity for each in findings(Analysis(provider=Provider.AILAB, marks=marks))} == {grade}


def test_a_little_of_something_does_not_stand_out() -> None:
    """A lot of blackheads come before visible pores, a few are told beside."""
    pores = {Reading.PORES_JAW: 1}
    assert keys(of_readings({**pores, Reading.BLACKHEAD: 3}).watch) == ["blackhead", "pores"]
    few = of_readings({**pores, Reading.BLACKHEAD: 1})
    assert (keys(few.watch), keys(few.also)) == (["pores"], ["blackhead"])


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
    assert told_keys(report.unsure) == ["forehead_wrinkle"]


def test_boxes_that_are_all_doubtful_go_to_the_less_sure() -> None:
    """Twelve spots below .55 are not 'to watch'."""
    report = of_marks({MarkKind.SKIN_SPOT: boxes(12, 0.54)})
    assert (keys(report.watch), keys(report.unsure)) == ([], ["skin_spot"])


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_boxes_never_lead(count: int) -> None:
    """Nobody's skin is without; they are told beside, and drawn."""
    report = of_marks({MarkKind.ACNE: (*boxes(count, 0.9), *boxes(9, 0.3))})
    assert (keys(report.watch), keys(report.also)) == ([], ["acne"])
    assert report.marked_kinds == {MarkKind.ACNE}
    assert report.step is Step.SUN


def test_little_redness_is_hardly_seen_and_much_stands_out() -> None:
    """Below 5 % it is hardly seen, from 10 % on it stands out, in between it is told beside."""
    calm, some, much = (assess(replace(on_device(area=area), not_visible=frozenset())) for area in (0.04, 0.07, 0.10))
    assert "sensitivity" in keys(calm.hardly_seen)
    assert "sensitivity" in keys(some.also)
    assert "sensitivity" in keys(much.watch)


def test_redness_is_hardly_seen_only_where_all_of_its_place_is_seen() -> None:
    """A forehead under hair may be red; a hidden jaw is none of its place."""
    calm = replace(on_device(area=0.01), not_visible=frozenset())
    for zone in SkinZone:
        told = "sensitivity" in keys(assess(replace(calm, partly_visible=frozenset({zone}))).hardly_seen)
        assert told is not (
            zone in {SkinZone.FOREHEAD, SkinZone.NOSE, SkinZone.LEFT_CHEEK, SkinZone.RIGHT_CHEEK, SkinZone.CHIN}
        )


def test_clear_skin_has_nothing_that_stands_out() -> None:
    """Everything absent is hardly seen, each once; moles are not among it."""
    report = assess(clear_skin())
    assert keys(report.hardly_seen)[:3] == ["sensitivity", "acne", "closed_comedones"]
    assert {"pores", "lines"} <= set(keys(report.hardly_seen))
    assert "mole" not in keys(report.hardly_seen)
    assert (report.watch, report.also, report.unsure, report.doctor) == ((), (), (), ())


def test_no_lines_is_said_only_when_it_holds_everywhere() -> None:
    """With crow's feet seen, with one place doubtful, or one not looked at, none is told to be without."""
    nothing = dict.fromkeys(_LINES, 0)
    assert keys(of_readings(nothing).hardly_seen) == ["lines"]
    assert of_readings({**nothing, Reading.CROWS_FEET: 1}).hardly_seen == ()
    assert of_readings(dict.fromkeys(_LINES[1:], 0)).hardly_seen == ()
    doubtful = {**readings(nothing), Reading.CROWS_FEET: Classified(value=1, confidence=0.3)}
    assert assess(Analysis(provider=Provider.AILAB, readings=doubtful)).hardly_seen == ()


_LINES = (Reading.FOREHEAD_WRINKLE, Reading.GLABELLA_WRINKLE, Reading.CROWS_FEET, Reading.EYE_FINELINES)


def test_what_is_beyond_is_not_told_above() -> None:
    """The details do not repeat what stands out, or is told beside it."""
    report = assess(usual_skin())
    above = {*report.watch, *report.also_in_short}
    assert above.isdisjoint(report.also_beyond)
    assert above | set(report.also_beyond) == {*report.watch, *report.also}
    assert (*report.hardly_in_short, *report.hardly_beyond) == report.hardly_seen


def test_pores_are_told_once_with_their_places() -> None:
    """One cheek with, one cheek without, is one cheek; that the other has none is told nowhere."""
    both = of_readings({Reading.PORES_LEFT_CHEEK: 1, Reading.PORES_RIGHT_CHEEK: 1})
    one = of_readings({Reading.PORES_LEFT_CHEEK: 1, Reading.PORES_RIGHT_CHEEK: 0})
    assert both.watch[0].parts == ("pores_left_cheek", "pores_right_cheek")
    assert (one.watch[0].parts, one.also, one.unsure, one.hardly_seen) == (("pores_left_cheek",), (), (), ())


@pytest.mark.parametrize(
    ("values", "step"),
    [
        ({Reading.BLACKHEAD: 2}, Step.BLACKHEAD),
        ({Reading.BLACKHEAD: 1}, Step.SUN),
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
    assert of_marks({kind: boxes(3, 0.9)}).step is step


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
        ({MarkKind.MOLE: boxes(1, 0.9), MarkKind.ACNE: boxes(40, 0.9)}, (DoctorNote.MOLES, DoctorNote.ACNE)),
        ({MarkKind.DARK_SPOTS: boxes(1)}, (DoctorNote.MOLES,)),
        ({MarkKind.RED_SPOTS: boxes(1)}, (DoctorNote.SORES,)),
        ({MarkKind.RED_SPOTS: boxes(3, faint=True), MarkKind.DARK_SPOTS: boxes(3, faint=True)}, ()),
        (
            {MarkKind.RED_SPOTS: boxes(1), MarkKind.DARK_SPOTS: boxes(2)},
            (DoctorNote.MOLES_AND_SORES,),
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


@pytest.mark.parametrize(
    ("area", "marks", "doctor"),
    [
        (0.09, {}, ()),
        (0.26, {}, (DoctorNote.REDNESS_LASTING,)),
        (0.30, {}, (DoctorNote.REDNESS,)),
        (0.09, {MarkKind.ACNE: boxes(12, 0.9)}, (DoctorNote.ACNE,)),
        (0.10, {MarkKind.ACNE: boxes(12, 0.9)}, (DoctorNote.REDNESS_AND_ACNE,)),
        (0.40, {MarkKind.ACNE: boxes(12, 0.9)}, (DoctorNote.REDNESS_AND_ACNE,)),
        (0.26, {MarkKind.RED_SPOTS: boxes(9)}, (DoctorNote.SORES, DoctorNote.REDNESS_LASTING)),
        (0.26, {MarkKind.RED_SPOTS: boxes(12)}, (DoctorNote.URGENT, DoctorNote.SORES)),
    ],
)
def test_doctor_line_for_redness(
    area: float, marks: dict[MarkKind, tuple[Box, ...]], doctor: tuple[DoctorNote, ...]
) -> None:
    """Signs of urgency where there is much of it, or some with many red things; else that it may last."""
    redness = Redness(area=area, intensity=None)
    assert assess(Analysis(provider=Provider.AILAB, marks=marks, redness=redness)).doctor == doctor


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
    assert (report.hardly_seen, report.watch, report.also, report.unsure, report.redness) == ((), (), (), (), None)
    assert report.shows_nothing
    assert not assess(on_device()).shows_nothing


def test_light_is_noted_once() -> None:
    """A dark photo is not also 'in unusual light', and a turned head is turned once."""
    report = assess(everything_at_once(), doubts=frozenset({PhotoIssue.TOO_DARK, PhotoIssue.TURNED_AWAY}))
    assert report.photo_notes == (PhotoNote.TOO_DARK, PhotoNote.HEAD_TURNED, PhotoNote.FACE_SMALL)


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
    """Field by field: what the answer holds is what the lists say, in the order of what matters."""
    report = assess(usual_skin())
    assert [(each.key, each.severity) for each in (*report.watch, *report.also)] == [
        ("blackhead", Severity.MODERATE),
        ("eye_pouch", Severity.MODERATE),
        ("pores", Severity.PRESENT),
        ("dark_circle", Severity.PRESENT),
        ("lines", Severity.PRESENT),
        ("acne", Severity.MILD),
    ]
    assert keys(report.unsure) == ["nasolabial_fold", "closed_comedones", "mole"]


def test_redness_pimples_and_moles_at_once() -> None:
    """The urgent first; there is room for two lines, and none of the three pushes another out."""
    report = assess(
        Analysis(
            provider=Provider.AILAB,
            marks={MarkKind.ACNE: boxes(12, 0.8), MarkKind.MOLE: boxes(2, 0.9)},
            redness=Redness(area=0.4, intensity=50),
        )
    )
    assert report.doctor == (DoctorNote.REDNESS_AND_ACNE, DoctorNote.MOLES)


@pytest.mark.parametrize("issue", [issue for issue in PhotoIssue if issue is not PhotoIssue.SIDE_LIGHT])
def test_a_photo_with_a_doubt_tells_no_absence(issue: PhotoIssue) -> None:
    """Dark, bright, tinted, blurred, small, turned, cut off, half in shadow: nothing is said not to be there."""
    report = assess(clear_skin(), doubts=frozenset({issue}))
    assert (report.hardly_seen, report.also, report.unsure) == ((), (), ())
    assert not report.shows_all


def test_light_from_a_side_is_told_and_hides_nothing() -> None:
    """Its shadows look like more than there is; with half the face in them it is told once, and less is seen."""
    lit = assess(clear_skin(), doubts=frozenset({PhotoIssue.SIDE_LIGHT}))
    assert lit.photo_notes == (PhotoNote.SIDE_LIGHT,)
    assert lit.hardly_seen == assess(clear_skin()).hardly_seen
    half = assess(clear_skin(), doubts=frozenset({PhotoIssue.SIDE_LIGHT, PhotoIssue.HALF_IN_SHADOW}))
    assert (half.photo_notes, half.hardly_seen) == ((PhotoNote.HALF_IN_SHADOW,), ())


def test_redness_in_tinted_light_is_not_told_by_this_device() -> None:
    """A sunset is no redness: neither to watch nor for a doctor. The vendor's is told, with the note."""
    tinted = frozenset({PhotoIssue.TINTED_LIGHT})
    red = replace(on_device(area=0.4), marks={MarkKind.RED_SPOTS: boxes(3, None)})
    assert DoctorNote.REDNESS in assess(red).doctor
    told = assess(red, doubts=tinted)
    assert (told.watch, told.doctor, told.redness) == ((), (), None)
    assert told.photo_notes == (PhotoNote.BAD_LIGHT,)
    assert (told.shows_redness, assess(red).shows_redness) == (False, True)
    assert DoctorNote.REDNESS in assess(replace(red, provider=Provider.AILAB), doubts=tinted).doctor


@pytest.mark.parametrize(
    ("ita", "doubts", "hard"),
    [
        (Angle(degrees=41.0, band=2), frozenset(), False),
        (Angle(degrees=10.5, band=4), frozenset(), False),
        (Angle(degrees=9.5, band=5), frozenset(), True),
        (Angle(degrees=-48.0, band=5), frozenset(), True),
        (Angle(degrees=41.0, band=6), frozenset(), True),
        (Angle(degrees=None, band=None), frozenset(), False),
        (Angle(degrees=41.0, band=2), frozenset({PhotoIssue.TINTED_LIGHT}), True),
        (Angle(degrees=41.0, band=2), frozenset({PhotoIssue.TOO_DARK}), True),
        (Angle(degrees=41.0, band=2), frozenset({PhotoIssue.BLURRED}), False),
    ],
)
def test_redness_is_hard_to_judge_by_this_photo_alone(ita: Angle, doubts: frozenset[PhotoIssue], *, hard: bool) -> None:
    """In bad light, and where redness hides; where redness was not looked for there is nothing to judge."""
    photo = replace(usual_skin(), ita=ita, hue=None)
    assert assess(photo, doubts=doubts).redness_is_hard == hard
    assert not assess(replace(photo, redness=None), doubts=doubts).redness_is_hard


def test_redness_that_is_hard_to_judge_is_not_said_to_be_hardly_there() -> None:
    """That it was not seen says nothing then; the rest is told as ever."""
    light, dark = clear_skin(), replace(clear_skin(), ita=Angle(degrees=-20.0, band=5))
    told, untold = ([finding.key for finding in assess(photo).hardly_seen] for photo in (light, dark))
    assert told == ["sensitivity", *untold]


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
    assert report.hardly_seen == ()
    assert all(finding.seen for finding in (*report.watch, *report.also, *report.unsure))


def test_no_moles_and_no_spots_of_this_device_are_no_news() -> None:
    """A photo can't judge them, and may miss them: that none was found calms nobody."""
    calm = assess(replace(on_device(area=0.01), marks=dict.fromkeys(MarkKind, ()), not_visible=frozenset()))
    assert {"mole", "dark_spots", "red_spots"}.isdisjoint(keys(calm.hardly_seen))
    assert "acne" in keys(calm.hardly_seen)


def test_what_is_not_true_leads_to_nothing() -> None:
    """Out of what stands out, the step, the doctor lines, the zones and the unsure; named by itself."""
    skin = replace(usual_skin(), marks={MarkKind.ACNE: boxes(12, 0.9), MarkKind.MOLE: boxes(1, 0.2)})
    before = assess(skin)
    after = assess(skin, disputed=frozenset({"acne", "mole", "pores_left_cheek", "pores_right_cheek"}))
    assert (before.watch[0].key, before.step) != (after.watch[0].key, after.step) or before.doctor != after.doctor
    assert DoctorNote.ACNE in before.doctor
    assert not {DoctorNote.ACNE, DoctorNote.MOLES} & set(after.doctor)
    left = told_keys((*after.watch, *after.also, *after.unsure))
    assert {"acne", "mole", "pores_left_cheek", "pores_right_cheek"}.isdisjoint(left)
    assert after.marked_kinds == frozenset()
    assert set(keys(after.untrue)) == {"acne", "mole", "pores"}
