"""The page for a doctor is one side of A4, honest about what it joins, whatever stands on it."""

import re
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from statistics import median

import pytest
from jinja2 import UndefinedError

from bot.own_data.sheet.a4 import A4Page
from bot.own_data.sheet.facts import SheetFacts
from bot.own_data.sheet.layout import draw_sheet
from bot.own_data.sheet.pair import FacePair
from bot.own_data.sheet.view import sheet_view
from bot.own_data.sheet.words import worded
from bot.rendering.renderer import Renderer
from bot.reports.series import Series
from bot.skin.analysis import Judged, Provider
from bot.skin.experiments.answer import Caveat, Certainty
from bot.skin.experiments.plan import Design, FaceSide
from bot.skin.feelings import Feeling
from bot.skin.measures import Measure
from bot.storage.records import FeelingRecord
from bot.views.sheet import SUGGESTED, NoPair, SheetParts
from tests.pdf_page import read_page
from tests.pictures import selfie
from tests.unit.own_data.two_years import NOW, two_years

RENDERER = Renderer()
ALL = SUGGESTED | SheetParts.PHOTOS
HOSTILE = (
    "x" * 500,
    "слово " * 80,
    "皮肤 😀 \u0645\u0631\u062d\u0628\u0627",
    "\n" * 40,
    "**b** <b>&amp;</b> (c) \\ ¦ d",
)

each_locale = pytest.mark.parametrize("locale", RENDERER.locales)


def made(facts: SheetFacts, locale: str = "en", *, why: NoPair | None = None, pair: bool = False) -> bytes:
    like = facts.comparable()
    before, after = (selfie((640, 800), seed=seed) for seed in (1, 2))
    shown = FacePair(earlier=like[0], later=like[-1], before=before, after=after) if pair else None
    view = sheet_view(facts, ALL, shown or why, NOW)
    return draw_sheet(worded(view, RENDERER.parts("sheet", locale, view), shown))


def words(facts: SheetFacts, locale: str = "en", *, why: NoPair | None = None, pair: bool = False) -> str:
    """In one line: where a line ends depends on the font."""
    return re.sub(r"\s+", " ", read_page(made(facts, locale, why=why, pair=pair)).words)


def noting(*notes: str) -> SheetFacts:
    return replace(two_years(photos=3, products=0, experiments=0), notes=tuple((NOW, note) for note in notes))


@each_locale
@pytest.mark.parametrize("provider", list(Provider))
def test_two_years_fit_one_side(locale: str, provider: Provider) -> None:
    """With both photos, charts, feelings, products, experiments and sixty notes; what found no room is counted."""
    page = read_page(made(two_years(provider), locale, pair=True))
    shown = page.words.count("new cream") + page.words.count("The new cleanser stings")  # each note begins so
    assert (page.pages, page.pictures) == (1, 2)
    assert 1 <= shown < 60
    assert any(line.startswith((f"and {60 - shown} more", f"y {60 - shown} más")) for line in page.words.splitlines())


@pytest.mark.parametrize("notes", [(), HOSTILE[:1], HOSTILE * 6])
def test_it_is_one_page_whatever_was_noted(notes: tuple[str, ...]) -> None:
    """In any script; a letter that no font has is an empty square."""
    page = read_page(made(noting(*notes)))
    assert page.pages == 1
    assert ("□" in page.words) == (len(notes) > 1)


def test_a_small_picture_in_a_note_leaves_no_empty_square() -> None:
    """Only a letter that can't be written is shown to be missing."""
    words = read_page(made(noting("less milk 🥛, more sleep 😴"))).words
    assert "less milk" in words
    assert "□" not in words


def test_the_same_makes_the_same_file() -> None:
    """Nothing of this machine or this moment is in it."""
    assert made(noting(*HOSTILE)) == made(noting(*HOSTILE))


def test_what_does_not_compare_is_hollow_and_joined_to_nothing() -> None:
    """Thirteen of 104 photos are of another light; a key says what a ring is. What was disputed is in no chart."""
    facts = replace(two_years(), products=(), feelings=(), experiments=())
    page = read_page(made(facts))
    assert facts.apart == 13
    assert (page.rings, page.dots) == (2 * 13 + 1, 2 * (104 - 13) - 1 + 1)
    assert "104 photos, 91 of them comparable. The others are drawn hollow and joined to nothing." in words(facts)
    assert "The readings of 1 photo, which the person says do not fit." in words(facts)


def test_photos_that_all_compare_have_no_rings() -> None:
    facts = two_years(photos=4)
    assert read_page(made(facts)).rings == 0
    assert "hollow" not in words(facts)


def test_what_changed_is_said_by_the_same_rule_as_progress() -> None:
    """More than photos vary by themselves, or no clear change; with three photos hardly anything."""
    told = words(two_years())
    assert "Less than before. On average" in told
    assert "No clear change. Usual from photo to photo:" in told
    assert "Too few photos to say: 2 comparable so far, 3 are needed." in words(two_years(photos=2))


@pytest.mark.parametrize("provider", list(Provider))
def test_nothing_is_followed_that_a_photo_cannot_judge(provider: Provider) -> None:
    """Redness, and from the vendor pimples: no row of moles or dark spots, which would be read as their monitoring."""
    followed = {told.trend.measure for told in two_years(provider).measures()}
    assert followed == {Measure.SENSITIVITY} | ({Measure.ACNE} if provider is Provider.AILAB else set())


@each_locale
def test_why_there_are_no_photos_is_said(locale: str) -> None:
    """Each reason in words of its own; none where they were simply not wanted."""
    facts = two_years(photos=4)
    views = [sheet_view(facts, ALL, why, NOW) for why in (None, *NoPair)]
    assert len({RENDERER.parts("sheet", locale, view)["facts"] for view in views}) == len(NoPair) + 1
    assert "No photos" not in words(facts)


def test_a_first_photo_alone_makes_a_page() -> None:
    page = read_page(made(two_years(photos=1)))
    assert page.pages == 1
    assert "1 photo." in page.words


def test_notes_that_are_not_chosen_are_not_on_it() -> None:
    facts = two_years(photos=4)
    view = sheet_view(facts, SheetParts.PHOTOS, None, NOW)
    page = read_page(draw_sheet(worded(view, RENDERER.parts("sheet", "en", view), None)))
    assert "Own notes" not in page.words
    assert "new cream" not in page.words


def test_numbers_of_two_instruments_never_meet() -> None:
    vendors, here = two_years(photos=5).rows, two_years(Provider.LOCAL, photos=5).rows
    facts = replace(two_years(photos=1), series=Series.of([*vendors, *here]), left_out=5)
    assert len(facts.rows) == 5
    assert "5 earlier photos were measured in another way and are left out." in words(facts)


@pytest.mark.parametrize("pair", [False, True], ids=["without photos", "with photos"])
def test_two_years_take_less_than_a_second(pair: bool) -> None:  # noqa: FBT001 - a case
    """Of CPU, fonts loaded: generous here, measured by hand beside it (median of five is printed with -s)."""
    facts, took = two_years(), []
    made(facts, pair=pair)
    for _ in range(5):
        began = time.process_time()
        made(facts, pair=pair)
        took.append(time.process_time() - began)
    print(f"a page of two years, {'with' if pair else 'without'} photos: {median(took):.2f} s of CPU, n = 5")  # noqa: T201
    assert median(took) < 1


def test_how_it_felt_and_what_was_used_stand_on_the_same_axis_of_time() -> None:
    """A row for each feeling that was told, a bar with its dates for each product; without a tap neither is there."""
    facts = two_years(photos=12, notes=0, products=10)
    told = words(facts)
    assert all(name in told for name in ("Burning", "Itching", "Tightness", "Sore eyes"))
    assert "Told by the person: 0 is not at all" in told
    assert "since Nov 9, 2026" in told
    assert "Jun 2, 2026 – Sep 30, 2026" in told
    assert "until May 3, 2026" in told
    view = sheet_view(facts, SheetParts.NOTES, None, NOW)
    page = read_page(draw_sheet(worded(view, RENDERER.parts("sheet", "en", view), None)))
    assert not {"Burning", "How it felt", "Products and habits", "Finished experiments"} & set(page.words.splitlines())
    assert view.end == facts.rows[-1].when


def test_what_was_never_told_has_no_row() -> None:
    facts = replace(two_years(photos=3), feelings=(FeelingRecord(at=NOW, told={Feeling.ITCHING: 0}),))
    assert "newest 0, highest 0" in words(facts)
    assert "Burning" not in words(facts)


@each_locale
def test_products_that_find_no_room_are_counted(locale: str) -> None:
    """Those in use and the newest are shown; no date is cut."""
    page = read_page(made(two_years(), locale, pair=True))
    lines = page.words.splitlines()
    dated = [line for line in lines if re.search(r"20\d\d – .*20\d\d$|^(since|desde el) ", line)]
    shown = len(dated)
    assert 4 <= shown < 20
    assert any(line.startswith((f"and {20 - shown} more", f"y {20 - shown} más")) for line in lines)
    assert not any(line.endswith("…") and "202" in line for line in lines)


def test_what_became_of_each_feeling_is_said_by_the_rule_of_all_trends() -> None:
    """Those of one kind together, and before redness where that is hard to judge in the newest photo."""
    weeks = [
        {Feeling.BURNING: 1 if week > 8 else 8, Feeling.TIGHTNESS: 1 if week > 12 else 7, Feeling.ITCHING: 2}
        for week in range(17)
    ]
    told = [FeelingRecord(at=NOW - timedelta(days=7 * (17 - week)), told=each) for week, each in enumerate(weeks)]
    eyes = FeelingRecord(at=NOW, told={Feeling.EYES: 3})
    facts = replace(two_years(photos=4), feelings=(*told, eyes))
    said = (
        "Less than before: tightness. Less than at the start: burning. No clear change: itching."
        " Too few answers to say: sore eyes."
    )
    assert f"How it felt {said}" in words(facts)
    assert words(facts).index("Redness No clear change") < words(facts).index(said)
    hard = words(replace(facts, redness_is_hard=True))
    assert "In the newest photo redness is hard to judge." in hard
    assert hard.index(said) < hard.index("Redness No clear change")


@each_locale
@pytest.mark.parametrize("photos", [2, 104])
def test_nothing_runs_into_the_foot_or_is_cut(locale: str, photos: int) -> None:
    """With the most there can be: all above the last lines, and of our own words none is shortened."""
    hard = replace(two_years(photos=photos), redness_is_hard=True, capped=True)
    page = read_page(made(hard, locale, pair=True))
    lines = page.words.splitlines()
    assert len(lines) == len(page.heights)
    foot = next(place for place, line in enumerate(lines) if line.startswith(("Made by a skin", "Hecha por un bot")))
    below = {place for place, at in enumerate(page.heights) if at <= page.heights[foot]}
    assert below == set(range(foot, foot + len(below)))
    theirs = ("cleanse", "Metro", "Sunscreen", "The new")
    assert [line for line in lines if line.endswith("…") and not any(word in line for word in theirs)] == []


def test_only_a_jpeg_is_parsed() -> None:
    """What a worker sends is not taken for whatever it says it is."""
    with closing(A4Page("", NOW)) as page, pytest.raises(ValueError, match="JPEG"):
        page.picture(b"%!PS-Adobe-3.0 EPSF-3.0", 0, 0, 10)


def test_finished_experiments_stand_with_their_answer() -> None:
    """What was compared, what came out and how sure that is, and what could mislead."""
    told = words(two_years(photos=4, notes=0, products=0))
    assert (
        "Azelaic acid · It likely doesn't help · left cheek with it, right cheek without, judged by redness."
        " Begun on May 13, 2026. Weeks that count: 4 with it, 4 without. Difference in a*: -2.1 (-3.4 to -0.9)."
        " What could mislead: too few weeks that count, missed weeks, ended early, a pause,"
    ) in told
    assert "It likely helps" in told
    assert "Can't tell" in told


@each_locale
def test_every_answer_of_an_experiment_has_words_of_its_own(locale: str) -> None:
    """Also that it makes it worse; what is in no list has none."""

    def told(**change: object) -> str:
        answer = replace(one.answer, **{key: value for key, value in change.items() if key not in plans})  # type: ignore[arg-type]
        plan = replace(one.plan, **{key: value for key, value in change.items() if key in plans})  # type: ignore[arg-type]
        changed = replace(view, experiments=(replace(one, plan=plan, answer=answer),))
        return RENDERER.parts("sheet", locale, changed)["experiments"]

    plans = {"design", "treated", "judged"}
    view = sheet_view(two_years(photos=3), ALL, None, NOW)
    one = view.experiments[0]
    answers = {told(certainty=each) for each in Certainty} | {told(certainty=Certainty.LIKELY_NOT, worse=True)}
    assert len(answers) == len(Certainty) + 1
    assert len({told(caveats=(each,)) for each in Caveat}) == len(Caveat)
    assert len({told(treated=each) for each in FaceSide} | {told(design=Design.ON_OFF, treated=None)}) == 3
    assert len({told(judged=each) for each in Judged}) == len(Judged)
    for change in ({"certainty": "x"}, {"caveats": ("x",)}, {"design": "x"}, {"treated": "x"}, {"judged": "x"}):
        with pytest.raises(UndefinedError):
            told(**change)
