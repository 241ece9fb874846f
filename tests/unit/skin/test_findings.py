"""Every readable field becomes a finding, in the words' terms."""

import pytest

from bot.skin.analysis import Analysis, Classified, MarkKind, Provider, Reading, Redness, SkinType
from bot.skin.assess import findings
from bot.skin.report import Finding, Region, Severity, Sureness
from tests.analyses import boxes, clear_skin, everything_at_once, readings, usual_skin


def finding(analysis: Analysis, key: str) -> Finding:
    return next(each for each in findings(analysis) if each.key == key)


def read(values: dict[Reading, int], confidence: float | None = 0.9) -> Analysis:
    return Analysis(provider=Provider.AILAB, readings=readings(values, confidence=confidence))


def test_findings_come_in_one_fixed_order() -> None:
    """What is seen or not does not move anything: two reports can be read side by side."""
    keys = [each.key for each in findings(clear_skin())]
    assert keys == [each.key for each in findings(everything_at_once())]
    assert keys == [
        "forehead_wrinkle",
        "glabella_wrinkle",
        "pores_forehead",
        "dark_circle",
        "eye_pouch",
        "eye_finelines",
        "crows_feet",
        "pores_left_cheek",
        "pores_right_cheek",
        "blackhead",
        "nasolabial_fold",
        "pores_jaw",
        "acne",
        "closed_comedones",
        "skin_spot",
        "mole",
        "sensitivity",
        "skin_type",
    ]


def test_eyelids_and_skin_colour_are_never_findings() -> None:
    """They are parsed and kept, and nobody is told their eyelid type or colour."""
    told = {each.key for each in findings(usual_skin())}
    assert not told & {"skin_color", "left_eyelids", "right_eyelids"}


def test_what_was_not_measured_is_absent() -> None:
    """No field, no finding: absence is not 'not seen'."""
    assert findings(Analysis(provider=Provider.LOCAL)) == ()


@pytest.mark.parametrize(
    ("value", "severity"),
    [(0, Severity.NONE), (1, Severity.MILD), (2, Severity.MODERATE), (3, Severity.STRONG)],
)
def test_blackheads_come_with_their_degree(value: int, severity: Severity) -> None:
    """0 none, 1 mild, 2 moderate, 3 severe."""
    assert finding(read({Reading.BLACKHEAD: value}), "blackhead").severity is severity


@pytest.mark.parametrize(
    ("degree", "severity"),
    [
        (0, Severity.MILD),
        (1, Severity.MODERATE),
        (2, Severity.STRONG),
        (3, Severity.PRESENT),
        (-1, Severity.PRESENT),
        (None, Severity.PRESENT),
    ],
)
def test_degree_of_bags_and_folds(degree: int | None, severity: Severity) -> None:
    """Degree 0 is mild; an absent or unreadable degree leaves 'there, degree unknown'.

    So does any degree of smile lines: everybody has them, and care hardly changes them.
    """
    for key in ("eye_pouch", "nasolabial_fold"):
        values = {Reading(key): 1} | ({} if degree is None else {Reading(f"{key}_severity"): degree})
        told = finding(read(values), key).severity
        assert told is (severity if key == "eye_pouch" or degree == 0 else Severity.PRESENT)


def test_degree_beside_a_flag_of_zero_is_ignored() -> None:
    """The flag says whether; the degree only says how much."""
    assert not finding(read({Reading.EYE_POUCH: 0, Reading.EYE_POUCH_SEVERITY: 2}), "eye_pouch").seen


def test_low_confidence_of_a_degree_is_not_weighed() -> None:
    """A degree of .3 beside a yes of .9 leaves the finding clear, with its degree."""
    analysis = Analysis(
        provider=Provider.AILAB,
        readings={
            Reading.EYE_POUCH: Classified(value=1, confidence=0.9),
            Reading.EYE_POUCH_SEVERITY: Classified(value=2, confidence=0.3),
        },
    )
    bags = finding(analysis, "eye_pouch")
    assert (bags.severity, bags.sureness, bags.confidence) == (Severity.STRONG, Sureness.CLEAR, 0.9)


@pytest.mark.parametrize(("value", "kind"), [(1, "pigmented"), (2, "vascular"), (3, "shadow")])
def test_dark_circles_are_a_type(value: int, kind: str) -> None:
    """A higher number is another type, not more of it."""
    circles = finding(read({Reading.DARK_CIRCLE: value}), "dark_circle")
    assert (circles.severity, circles.kind) == (Severity.PRESENT, kind)


@pytest.mark.parametrize("value", list(SkinType))
def test_skin_type_is_a_type(value: SkinType) -> None:
    """It has a kind and no degree."""
    analysis = Analysis(provider=Provider.AILAB, skin_type=Classified(value=value, confidence=0.5135983))
    skin = finding(analysis, "skin_type")
    assert (skin.severity, skin.kind, skin.sureness) == (
        Severity.PRESENT,
        value.name.lower(),
        Sureness.UNSURE,
    )


@pytest.mark.parametrize("value", [1, 2, 3])
def test_pores_of_one_or_more_are_visible(value: int) -> None:
    """The sister endpoint grades pores up to 3; here they are visible or not."""
    assert finding(read({Reading.PORES_JAW: value}), "pores_jaw").severity is Severity.PRESENT


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        (Reading.BLACKHEAD, 4),
        (Reading.BLACKHEAD, -1),
        (Reading.DARK_CIRCLE, 4),
        (Reading.DARK_CIRCLE, -1),
        (Reading.CROWS_FEET, 2),
        (Reading.CROWS_FEET, -1),
        (Reading.PORES_JAW, 4),
    ],
)
def test_class_outside_the_contract_is_not_determined(reading: Reading, value: int) -> None:
    """Neither seen nor not seen, and never an IndexError."""
    assert findings(read({reading: value})) == ()


@pytest.mark.parametrize("value", [-1, 4])
def test_skin_type_outside_the_contract_is_not_determined(value: int) -> None:
    """The same for the skin type."""
    assert findings(Analysis(provider=Provider.AILAB, skin_type=Classified(value=value))) == ()


@pytest.mark.parametrize(
    ("confidence", "sureness"),
    [
        (1.0, Sureness.CLEAR),
        (0.80, Sureness.CLEAR),
        (0.7999, Sureness.PROBABLE),
        (0.55, Sureness.PROBABLE),
        (0.5499, Sureness.UNSURE),
        (0.0, Sureness.UNSURE),
        (None, Sureness.UNRATED),
    ],
)
def test_confidence_becomes_sureness(confidence: float | None, sureness: Sureness) -> None:
    """.80 and .55 are the borders; no confidence is 'unrated', not 'unsure'."""
    assert finding(read({Reading.CROWS_FEET: 1}, confidence), "crows_feet").sureness is sureness


def test_boxes_are_as_sure_as_the_surest() -> None:
    """All boxes are counted, and how many of them are probable."""
    marks = {MarkKind.SKIN_SPOT: (*boxes(2, 0.58), *boxes(5, 0.3))}
    spots = finding(Analysis(provider=Provider.AILAB, marks=marks), "skin_spot")
    assert (spots.count, spots.sure_count, spots.sureness) == (7, 2, Sureness.PROBABLE)


def test_boxes_without_confidences_are_unrated() -> None:
    """They count all the same."""
    spots = finding(Analysis(provider=Provider.LOCAL, marks={MarkKind.DARK_SPOTS: boxes(4)}), "dark_spots")
    assert (spots.count, spots.sure_count, spots.sureness) == (4, 4, Sureness.UNRATED)


def test_no_boxes_is_not_seen() -> None:
    """An empty list was measured; it is 'not seen', not 'not measured'."""
    moles = finding(Analysis(provider=Provider.AILAB, marks={MarkKind.MOLE: ()}), "mole")
    assert (moles.severity, moles.count) == (Severity.NONE, 0)


@pytest.mark.parametrize(("area", "severity"), [(0.0, Severity.NONE), (0.0004, Severity.NONE), (0.001, Severity.MILD)])
def test_redness_is_a_share(area: float, severity: Severity) -> None:
    """Redness that rounds to nothing is not seen."""
    redness = finding(Analysis(provider=Provider.AILAB, redness=Redness(area=area, intensity=5)), "sensitivity")
    assert (redness.severity, redness.share, redness.region) == (severity, area, Region.FACE)


def test_redness_without_an_area_is_not_determined() -> None:
    """A strength alone says nothing about where."""
    assert findings(Analysis(provider=Provider.AILAB, redness=Redness(area=None, intensity=30))) == ()


def test_red_spots_are_seen_and_not_counted() -> None:
    """How many there are changes from photo to photo: where they are is drawn, and that is all."""
    spots = finding(Analysis(provider=Provider.LOCAL, marks={MarkKind.RED_SPOTS: boxes(4)}), "red_spots")
    assert (spots.seen, spots.count) == (True, None)


def test_faint_spots_are_possible_ones() -> None:
    """One that is not faint is enough to be sure of some; of no spots nothing is said."""
    marks = {MarkKind.RED_SPOTS: boxes(2, faint=True), MarkKind.DARK_SPOTS: (*boxes(2, faint=True), *boxes(1))}
    analysis = Analysis(provider=Provider.LOCAL, marks={**marks, MarkKind.MOLE: ()})
    told = [finding(analysis, key) for key in ("red_spots", "dark_spots", "mole")]
    assert [each.marked for each in told] == [False, True, False]
    assert [each.sureness for each in told] == [Sureness.UNSURE, Sureness.UNRATED, Sureness.UNRATED]
    assert (told[1].sure_count, told[1].count) == (1, 3)


def test_freckles_are_one_finding_or_none() -> None:
    """Never one that is not seen."""
    assert finding(Analysis(provider=Provider.LOCAL, freckled=True), "freckles").seen
    assert findings(Analysis(provider=Provider.LOCAL, marks=dict.fromkeys(MarkKind, ())))[-1].key != "freckles"
