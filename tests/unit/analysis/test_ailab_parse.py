"""Every field of the contract, and every quirk that real answers were seen with."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.ailab.credits import Credits, parse_credits
from bot.analysis.answer_format import Unreadable, parse_analysis, read_back
from bot.skin.analysis import (
    Analysis,
    Angle,
    Box,
    Classified,
    Judged,
    MarkKind,
    Paper,
    Provider,
    Reading,
    Redness,
    Sides,
    ToneLight,
    UnderEyes,
)
from tests.ailab import Json, answer, classed


def parse(**result: object) -> Analysis:
    return parse_analysis({"result": result})


def rectangle(left: object = 10, top: object = 20, width: object = 5, height: object = 6) -> Json:
    return {"left": left, "top": top, "width": width, "height": height}


@pytest.mark.parametrize("reading", list(Reading))
def test_every_reading_of_the_contract_is_read(reading: Reading) -> None:
    """Each class field comes out under its own name, with its own confidence."""
    assert parse(**{reading.value: classed(1, 0.42)}).readings == {reading: Classified(value=1, confidence=0.42)}


@pytest.mark.parametrize("kind", [MarkKind.ACNE, MarkKind.CLOSED_COMEDONES, MarkKind.SKIN_SPOT, MarkKind.MOLE])
def test_every_kind_of_box_is_read(kind: MarkKind) -> None:
    """Each box comes out under its kind with its confidence."""
    mark = {"rectangle": [rectangle(1, 2, 3, 4), rectangle()], "confidence": [0.9, 0.3]}
    assert parse(**{kind.value: mark}).marks == {
        kind: (
            Box(left=1, top=2, width=3, height=4, confidence=0.9),
            Box(left=10, top=20, width=5, height=6, confidence=0.3),
        )
    }


def test_the_rest_of_the_contract_is_read() -> None:
    """Face, age, skin type, ITA, hue, redness."""
    analysis = parse_analysis(answer(face=(100, 120, 480, 500)))
    assert analysis.provider is Provider.AILAB
    assert analysis.face == Box(left=100, top=120, width=480, height=500)
    assert analysis.skin_age == 34
    assert analysis.skin_type == Classified(value=3, confidence=0.65)
    assert analysis.ita == Angle(degrees=39.2, band=2)
    assert analysis.hue == Angle(degrees=47.9, band=2)
    assert analysis.redness == Redness(area=0.024, intensity=32)
    assert not analysis.head_pose_warning


def test_the_documented_example_is_read() -> None:
    """The contract's own example: details as an object, boxes without confidences."""
    details = {"0": classed(1, 0.89), "1": classed(1, 0.7), "2": classed(0, 0.01), "3": classed(0, 0.01)}
    analysis = parse(
        skin_type={"skin_type": 0, "details": details},
        acne={"rectangle": [rectangle()]},
        skintone_ita={"ITA": 50.7, "skintone": 1},
        skin_hue_ha={"HA": 37, "skintone": 2},
    )
    assert analysis.skin_type == Classified(value=0, confidence=0.89)
    assert analysis.marks[MarkKind.ACNE] == (Box(left=10, top=20, width=5, height=6),)
    assert (analysis.ita, analysis.hue) == (Angle(degrees=50.7, band=1), Angle(degrees=37, band=2))


def test_the_skin_type_is_the_number_beside_the_details() -> None:
    """The details' own flags contradict it in real answers and are not read."""
    details = [classed(1, 0.2), classed(1, 0.3), classed(0, 0.4), classed(0, 0.5)]
    assert parse(skin_type={"skin_type": 2, "details": details}).skin_type == Classified(value=2, confidence=0.4)


@pytest.mark.parametrize("details", [None, [], {}, [classed(1, 0.2)], "x", {"3": "x"}])
def test_a_skin_type_stands_without_its_details(details: object) -> None:
    """Short or missing details cost the confidence only."""
    assert parse(skin_type={"skin_type": 3, "details": details}).skin_type == Classified(value=3)


def test_the_hue_class_goes_by_two_names() -> None:
    """`skin_hue` in real answers, `skintone` in the contract; the class is never recomputed from the angle."""
    for name in ("skin_hue", "skintone"):
        assert parse(skin_hue_ha={"HA": 47.9, name: 2}).hue == Angle(degrees=47.9, band=2)


@pytest.mark.parametrize(
    ("warning", "warned"),
    [
        (["imporper_headpose"], True),
        (["improper_headpose"], True),
        ("improper_headpose", True),
        (["something_else", "imporper_headpose"], True),
        ([], False),
        (None, False),
        ({}, False),
        (["something_else", None, 5], False),
    ],
)
def test_the_head_pose_warning_is_spelled_two_ways(warning: object, warned: object) -> None:
    """Both spellings count; absent, null and [] are fine."""
    assert parse_analysis({"warning": warning, "result": {}}).head_pose_warning is warned
    assert not parse().head_pose_warning


def test_a_severity_of_0_is_kept_apart_from_none() -> None:
    """0 is mild; absent is "degree unknown"."""
    with_degree = parse(eye_pouch=classed(1), eye_pouch_severity=classed(0, 0.4))
    without = parse(eye_pouch=classed(1))
    assert with_degree.readings[Reading.EYE_POUCH_SEVERITY] == Classified(value=0, confidence=0.4)
    assert Reading.EYE_POUCH_SEVERITY not in without.readings


@pytest.mark.parametrize("confidence", [[], [0.5], [0.5, 0.6, 0.7], None, 0.5, {}])
def test_confidences_of_another_length_are_dropped(confidence: object) -> None:
    """A confidence is never given to the wrong box."""
    boxes = parse(acne={"rectangle": [rectangle(), rectangle(1)], "confidence": confidence}).marks[MarkKind.ACNE]
    assert [box.confidence for box in boxes] == [None, None]


def test_an_unreadable_box_does_not_shift_the_confidences() -> None:
    """Boxes keep their own confidence when one before them is left out."""
    mark = {"rectangle": [{"left": 1}, rectangle(), "x", rectangle(7)], "confidence": [0.1, 0.2, 0.3, 0.4]}
    assert [(box.left, box.confidence) for box in parse(mole=mark).marks[MarkKind.MOLE]] == [(10, 0.2), (7, 0.4)]


def test_odd_boxes_stay_for_whoever_draws_to_clamp() -> None:
    """Empty boxes and boxes out of the picture are the vendor's answer too; a negative size or no place is not."""
    kept = [rectangle(width=0, height=0), rectangle(left=-40), rectangle(left=5000)]
    dropped = [rectangle(width=-3), rectangle(left=1e300), rectangle(top="nan"), rectangle(top=None)]
    assert len(parse(skin_spot={"rectangle": kept + dropped}).marks[MarkKind.SKIN_SPOT]) == 3


def test_spots_go_by_the_upstream_name_too() -> None:
    """`brown_spot` is read as skin_spot, also beside an empty skin_spot."""
    spots = {"rectangle": [rectangle()]}
    assert len(parse(brown_spot=spots).marks[MarkKind.SKIN_SPOT]) == 1
    assert len(parse(skin_spot={"rectangle": []}, brown_spot=spots).marks[MarkKind.SKIN_SPOT]) == 1


def test_the_devices_own_kinds_are_read() -> None:
    """The on-device analyzer's answers have the same shape."""
    analysis = parse_analysis({"result": {"red_spots": {"rectangle": [rectangle()]}}}, provider=Provider.LOCAL)
    assert analysis.provider is Provider.LOCAL
    assert analysis.marks == {MarkKind.RED_SPOTS: (Box(left=10, top=20, width=5, height=6),)}


def test_what_the_device_says_of_its_spots_is_read() -> None:
    """Which of them are faint, box by box, and freckles; of a list of another length, and of other values, nothing."""
    spots = {"rectangle": [rectangle(), rectangle()], "faint": [False, True]}
    short = {"rectangle": [rectangle()], "faint": [True, True]}
    raw = {"result": {"dark_spots": spots, "red_spots": short, "freckles": True}}
    analysis = parse_analysis(raw, provider=Provider.LOCAL)
    assert [box.faint for box in analysis.marks[MarkKind.DARK_SPOTS]] == [False, True]
    assert [box.faint for box in analysis.marks[MarkKind.RED_SPOTS]] == [False]
    assert analysis.freckled
    assert not parse_analysis({"result": {"freckles": "true"}}, provider=Provider.LOCAL).freckled


def test_none_found_is_not_the_same_as_not_looked_for() -> None:
    """An empty list of boxes is a finding; an absent or null field is not. PHP writes an empty object as []."""
    analysis = parse(acne={"rectangle": [], "confidence": []}, mole=[], skin_spot=None)
    assert analysis.marks == {MarkKind.ACNE: (), MarkKind.MOLE: ()}


@pytest.mark.parametrize("value", [1, 1.0, "1", "1.0", " 1 "])
def test_numbers_come_in_many_clothes(value: object) -> None:
    """Floats for integers and strings for numbers mean the same."""
    analysis = parse(
        crows_feet=classed(value, "0.5"), skin_age={"value": value}, skintone_ita={"ITA": "5", "skintone": 1}
    )
    assert analysis.readings[Reading.CROWS_FEET] == Classified(value=1, confidence=0.5)
    assert analysis.skin_age == 1
    assert analysis.ita == Angle(degrees=5, band=1)


@pytest.mark.parametrize("value", [-1, 9, 1.5, None, "x", "", [], {}, True, "nan", "inf", 10**400])
def test_a_class_out_of_range_is_not_determined(value: object) -> None:
    """Never the last of a list, never the next one."""
    analysis = parse(
        dark_circle=classed(value),
        blackhead=classed(value),
        skin_type={"skin_type": value, "details": [classed(1)] * 4},
        skintone_ita={"ITA": 12.5, "skintone": value},
        skin_hue_ha={"HA": 50, "skin_hue": value},
    )
    assert analysis.readings == {}
    assert analysis.skin_type is None
    assert analysis.ita == Angle(degrees=12.5, band=None)
    assert analysis.hue == Angle(degrees=50, band=None)


def test_bounds_of_the_measures() -> None:
    """Measures stay within the contract's scopes; outside they are not determined."""
    assert parse(skin_age={"value": 99}).skin_age == 99
    assert parse(skin_age={"value": 100}).skin_age is None
    assert parse(skintone_ita={"ITA": -91, "skintone": 6}).ita == Angle(degrees=None, band=6)
    assert parse(skin_hue_ha={"HA": -1}).hue is None
    assert parse(sensitivity={"sensitivity_area": 1.2, "sensitivity_intensity": 100}).redness == Redness(
        area=None, intensity=100
    )
    assert parse(sensitivity={"sensitivity_area": 7}).redness is None
    assert parse(eye_pouch=classed(1, 98.2)).readings == {Reading.EYE_POUCH: Classified(value=1)}


def test_parts_that_only_this_device_has() -> None:
    """A nose may be paler than the cheeks; what is out of the way of any colour is not read."""
    here = parse(sensitivity={"sensitivity_area": 0.1}, redness={"reddest": 5.6, "nose": -1.2})
    assert here.redness == Redness(area=0.1, intensity=None, reddest=5.6, nose=-1.2)
    odd = parse(sensitivity={"sensitivity_area": 0.1}, redness={"reddest": -3, "nose": 900})
    assert odd.redness == Redness(area=0.1, intensity=None)
    assert parse(under_eyes={"colour": 2.4, "lines": None}).under_eyes == UnderEyes(colour=2.4, lines=None)
    assert parse(under_eyes={"colour": None, "lines": 1.7}).under_eyes is None
    sides = parse(sides={"redness": {"left": 14.2, "right": None, "seen": 0.3}}).sides
    assert sides == {Judged.REDNESS: Sides(left=14.2, right=None, seen=0.3)}
    assert parse(sides={"redness": {"left": None, "right": "red"}}).sides == {}


def test_pimples_are_counted_on_each_cheek() -> None:
    """Left and right of the face's middle line, between eyes and mouth: others are on none."""
    face = rectangle(100, 100, 400, 400)
    left, right = rectangle(170, 300), rectangle(420, 280)
    elsewhere = [rectangle(200, 140), rectangle(300, 300), rectangle(200, 480), rectangle(520, 300)]
    acne = {"rectangle": [left, left, right, *elsewhere]}
    told = parse_analysis({"face_rectangle": face, "result": {"acne": acne}})
    assert told.sides == {Judged.PIMPLES: Sides(left=2, right=1)}
    assert parse_analysis({"face_rectangle": face, "result": {}}).sides == {}
    assert parse(acne=acne).sides == {}


@pytest.mark.parametrize("value", [0, 1, 2, 3])
def test_pores_come_in_degrees_from_the_sister_endpoint(value: int) -> None:
    """0..3 are all readable."""
    assert parse(pores_jaw=classed(value)).readings[Reading.PORES_JAW].value == value


@pytest.mark.parametrize("face", [None, [], {}, rectangle(width=0), {"left": 1}, "x"])
def test_a_face_that_is_not_there(face: object) -> None:
    """No rectangle, or an empty one, is no face box."""
    assert parse_analysis({"face_rectangle": face, "result": {}}).face is None


@pytest.mark.parametrize("raw", [{}, {"result": []}, {"result": None}, {"result": "x"}, {"result": {"of_tomorrow": 1}}])
def test_nothing_to_read_is_an_empty_analysis(raw: Json) -> None:
    """Absent and unknown fields change nothing."""
    assert parse_analysis(raw) == Analysis(provider=Provider.AILAB)


def test_a_stored_text_that_is_no_answer_is_said() -> None:
    """Reading back refuses what is not an object."""
    with pytest.raises(Unreadable):
        read_back("[]")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["1", "-0", "1e5"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["value", "rectangle", "0"]), inner),
    max_leaves=8,
)
FIELDS = [
    *Reading,
    *MarkKind,
    "skin_type",
    "skin_age",
    "skintone_ita",
    "skin_hue_ha",
    "sensitivity",
    "redness",
    "under_eyes",
]


@settings(max_examples=150)
@given(st.sampled_from(FIELDS), JSON, JSON)
def test_no_field_can_break_the_reading(name: str, value: object, around: object) -> None:
    """Whatever stands in a field, the others are read as before."""
    whole = answer(with_map=False)
    result = whole["result"]
    assert isinstance(result, dict)
    odd = parse_analysis({**whole, "warning": around, "result": {**result, str(name): value}})
    plain = parse_analysis(whole)
    assert odd.face == plain.face
    assert {key: read for key, read in odd.readings.items() if key != name} == {
        key: read for key, read in plain.readings.items() if key != name
    }


@pytest.mark.parametrize(
    ("fields", "light", "paper"),
    [
        ({}, ToneLight.PHOTO, None),
        ({"tone_light": "eyes"}, ToneLight.EYES, None),
        ({"tone_light": "paper", "paper": "used"}, ToneLight.PAPER, Paper.USED),
        ({"tone_light": "moon", "paper": ["shaded"]}, ToneLight.PHOTO, None),
        ({"tone_light": None, "paper": "shaded"}, ToneLight.PHOTO, Paper.SHADED),
    ],
)
def test_the_light_of_a_tone_is_read_back(fields: dict[str, object], light: ToneLight, paper: Paper | None) -> None:
    """This device's own part; an answer without it allowed for nothing."""
    parsed = parse_analysis({"result": fields}, provider=Provider.LOCAL)
    assert (parsed.tone_light, parsed.paper) == (light, paper)


def test_balances_are_read_from_their_pools() -> None:
    """Our pool and the shared one count, 50 credits an analysis, each pool by itself."""
    pools = [
        {"unique_sign": "portrait_skin_analysis_advanced", "balance": "130"},
        {"unique_sign": "common", "balance": 99},
        {"unique_sign": "other", "balance": 10_000},
    ]
    balances = parse_credits(json.loads(json.dumps({"data": pools})))
    assert balances == Credits(own=130, common=99)
    assert balances.analyses == 3


@pytest.mark.parametrize("data", [None, [], [None, 5, {}], {"unique_sign": "common"}])
def test_balances_that_are_not_there(data: object) -> None:
    """Unknown is not zero."""
    assert parse_credits({"data": data}) == Credits(own=None, common=None)


def test_only_so_many_boxes_are_read() -> None:
    """More have no room on a face, and each costs time in every later look at the report."""
    box = {"left": 1, "top": 1, "width": 1, "height": 1}
    parsed = parse_analysis({"result": {"acne": {"rectangle": [box] * 100_000, "confidence": [0.5] * 100_000}}})
    assert [len(boxes) for boxes in parsed.marks.values()] == [2000]
    assert {box.confidence for boxes in parsed.marks.values() for box in boxes} == {0.5}
