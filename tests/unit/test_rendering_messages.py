"""What each message says and offers, in every language."""

import html.parser
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Final

import pytest
from jinja2 import UndefinedError

from bot.listening import Topic
from bot.reminders.tips import Tip
from bot.rendering.renderer import CAPTION_LIMIT, TEXT_LIMIT, Renderer, plain, visible_length
from bot.skin.analysis import Analysis, Provider
from bot.skin.assess import assess
from bot.skin.compare import Change
from bot.skin.measures import Measure, followed_by
from bot.skin.photo import PhotoIssue, RefusalReason, RejectReason
from bot.skin.report import DoctorNote, Finding, PhotoNote, Region, Report, Severity, Step
from bot.skin.scene import Differs
from bot.views.operator import CheckFact, CheckLine, CheckView
from bot.views.person import ConsentView, EraseView, HeardView, SettingsView, StartView
from bot.views.reminders import ReminderNoteView
from bot.views.reports import (
    CountView,
    DoubtView,
    FindingView,
    HistoryRow,
    HistoryView,
    NumberView,
    RefusalView,
    RejectionView,
    ReportView,
    TerminalView,
)
from tests.analyses import clear_skin, everything_at_once, on_device, usual_skin
from tests.progressing import EVERY_CHANGE, SINCE, comparison, comparison_view, difference

RENDERER = Renderer()
LOCALES = RENDERER.locales
WHEN = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
OVERRIDABLE = {"poor_quality", "blurred", "bad_light", "not_frontal", "face_too_small"}

each_locale = pytest.mark.parametrize("locale", LOCALES)


def report_view(report: Report, *, has_redness: bool = True) -> ReportView:
    return ReportView(
        number=999_999_999, when=WHEN, report=report, album=(10, 10), has_redness=has_redness, shown_again=True
    )


def text(name: str, locale: str = "en", view: object | None = None) -> str:
    return plain(RENDERER.render(name, locale, view).text)


def data(name: str, view: object | None = None) -> list[list[str]]:
    return [[button.data for button in row] for row in RENDERER.render(name, "en", view).rows]


@each_locale
@pytest.mark.parametrize("confidence", [0.6, 0.95, None])
@pytest.mark.parametrize("box_confidence", [0.6, 0.95, None])
def test_longest_report_fits(locale: str, confidence: float | None, box_confidence: float | None) -> None:
    """A caption takes 1024 characters and a text 4096, whatever is seen."""
    analysis = everything_at_once(confidence=confidence, box_confidence=box_confidence)
    view = report_view(assess(analysis, doubts=frozenset(PhotoIssue), show_skin_age=True))
    assert visible_length(RENDERER.render("report", locale, view).text) <= CAPTION_LIMIT
    assert visible_length(RENDERER.render("details", locale, view).text) <= TEXT_LIMIT


LONGEST_CHANGE = replace(SINCE[1], number=999_999_999, changes=EVERY_CHANGE)
BEGINS_ANEW = next(change for change in SINCE if change.anew)


@each_locale
@pytest.mark.parametrize("provider", list(Provider))
def test_longest_comparison_fits(locale: str, provider: Provider) -> None:
    """With every measure that one analyzer has changed, and with every one steady."""
    every = tuple(
        difference(measure, 1000, 2000, Change.MORE) for measure in Measure if measure in followed_by(provider)
    )
    calm = tuple(replace(each, change=Change.STEADY) for each in every)
    for told in (every, calm):
        view = comparison_view(comparison(told, frozenset(Differs)), pictured=False)
        assert visible_length(RENDERER.render("comparison", locale, view).text) <= CAPTION_LIMIT


@each_locale
def test_longest_words_of_every_kind_fit(locale: str) -> None:
    """Any step, any two doctor lines and every photo note with all there is: longer than a real report can get."""
    base = assess(everything_at_once(), show_skin_age=True)
    pairs = [
        *((step, (DoctorNote.REDNESS_AND_ACNE, DoctorNote.MOLES_AND_SORES)) for step in Step),
        *((Step.REDNESS, pair) for pair in combinations(DoctorNote, 2)),
    ]
    for step, doctor in pairs:
        report = replace(base, step=step, doctor=doctor, photo_notes=tuple(PhotoNote), not_measured=True)
        changed = replace(report_view(report), change=LONGEST_CHANGE)
        caption = RENDERER.render("report", locale, changed).text
        assert visible_length(caption) <= CAPTION_LIMIT
        assert all(text_of(note, locale) in plain(caption) for note in doctor)
        assert visible_length(RENDERER.render("details", locale, changed).text) <= TEXT_LIMIT
        anew = RENDERER.render("report", locale, replace(changed, change=BEGINS_ANEW)).text
        assert visible_length(anew) <= CAPTION_LIMIT


@cache
def text_of(note: DoctorNote, locale: str) -> str:
    """A doctor line as it is said alone."""
    alone = report_view(replace(assess(clear_skin()), doctor=(note,)))
    return next(line for line in text("report", locale, alone).splitlines() if line.startswith("🩺")).removeprefix(
        "🩺 "
    )


@each_locale
@pytest.mark.parametrize("analysis", [clear_skin(), usual_skin(), everything_at_once(), on_device()])
def test_details_are_no_copy(locale: str, analysis: Analysis) -> None:
    """No line of the report stands in its details again, but for the head and a photo's notes, which get advice."""
    view = report_view(assess(analysis, show_skin_age=True))
    told, more = (text(name, locale, view).splitlines()[1:] for name in ("report", "details"))
    again = {line for line in more if line in told} - {"", ON_DARK_SKIN[locale]}
    assert again - {line for line in more if line.startswith(CHOSEN[locale])} == set()


CHOSEN: Final = {"en": "I chose photo", "es": "He elegido la foto"}
ON_DARK_SKIN: Final = {
    "en": "On brown and black skin I miss redness more often.",
    "es": "En piel morena o negra se me escapa más la rojez.",
}


@each_locale
@pytest.mark.parametrize("analysis", [clear_skin(), usual_skin(), everything_at_once(), on_device()])
def test_report_and_details_name_every_finding(locale: str, analysis: Analysis) -> None:
    """The text agrees with the answer: whatever was seen is named in one of the two."""
    report = assess(analysis)
    said = "".join(text(name, locale, report_view(report)) for name in ("report", "details")).lower()
    for finding in (*report.watch, *report.also, *report.unsure, *report.hardly_seen):
        word = text("finding", locale, FindingView(finding=finding)).lower()
        assert word.partition(":")[0].partition(" ·")[0] in said
    everything = text("terminal", locale, TerminalView(report=report)).lower()
    for finding in (*report.watch, *report.also, *report.unsure, *report.hardly_seen):
        word = text("finding", locale, FindingView(finding=finding)).lower()
        assert word.partition(":")[0].partition(" ·")[0] in everything


@each_locale
def test_what_is_looked_for_here_is_said_once(locale: str) -> None:
    """In the details, and where nothing was found in the report; never of the vendor's analysis."""
    sentence = {"en": "In this bot I look at", "es": "En este bot solo miro"}[locale]
    looked = {"en": "I looked for redness, red spots and dark spots.", "es": "He buscado rojez"}[locale]
    calm = replace(on_device(area=0.01), marks={}, freckled=False, not_visible=frozenset())
    for analysis, here in ((on_device(), True), (calm, True), (usual_skin(), False)):
        view = ReportView(number=9, when=WHEN, report=assess(analysis))
        assert text("details", locale, view).count(sentence) == here
        assert (looked in text("report", locale, view)) is (analysis is calm)


def test_kinds_degrees_and_counts_are_words() -> None:
    """A type is named; what has a degree has an adjective, and a count says how many of it are sure."""
    said = text("terminal", "en", TerminalView(report=assess(usual_skin())))
    for words in (
        "Dark circles: bluish",
        "Eye bags: noticeable",
        "• Blackheads: some",
        "Skin type: combination",
        "🔴 Pimples: 2 clear, 3 possible",
        "Visible pores: both cheeks",
    ):
        assert words in said


@each_locale
def test_a_report_of_nothing_says_what_was_looked_for(locale: str) -> None:
    """As worded for the third of the sample reports: no verdict, a baseline, a habit, and when a doctor is asked."""
    calm = assess(replace(on_device(area=0.01), marks={}, freckled=False, not_visible=frozenset()))
    said = text("report", locale, ReportView(number=48, when=WHEN, report=calm))
    for words in NOTHING_FOUND[locale]:
        assert words in said
    assert "•" not in said


NOTHING_FOUND: Final = {
    "en": (
        "I looked for redness, red spots and dark spots. None of them stands out in this photo.",
        "Light and sharpness are good, so later photos can be compared with this one.",
        "Worth doing at any age",
        "Next photo: in about a week, same place, same time of day.",
        "Whatever a photo says: if something is new, sore or changing on your skin, show it to a doctor.",
    ),
    "es": ("En esta foto no destaca nada de eso.", "Diga lo que diga una foto", "Próxima foto"),
}


def test_report_buttons() -> None:
    """Redness only where there is a map."""
    report = assess(clear_skin())
    first, last = ["try:999999999", "dispute:999999999"], ["history:0", "progress"]
    assert data("report", report_view(report)) == [first, ["details:999999999", "redness:999999999"], last]
    assert data("report", report_view(report, has_redness=False)) == [first, ["details:999999999"], last]


# Who says what, as read in stored copies of the pages; a step that is not here is our own judgement.
SOURCES: dict[Step, frozenset[str]] = {
    **dict.fromkeys((Step.ACNE, Step.BLACKHEAD, Step.REDNESS), frozenset({"NHS"})),
    **dict.fromkeys((Step.SPOTS, Step.PORES, Step.OILY_SKIN, Step.DRY_SKIN, Step.SUN), frozenset({"AAD"})),
    Step.CLOSED_COMEDONES: frozenset({"AAD", "NHS"}),
    Step.EYE_BAGS: frozenset({"Mayo Clinic"}),
    Step.LINES: frozenset({"AAD", "Mayo Clinic"}),
    **dict.fromkeys((Step.TINTED, Step.NEW_PRODUCT), frozenset({"AAD"})),
    Step.LESS_SALT: frozenset({"Mayo Clinic"}),
}


TIP_SOURCES: dict[Tip, str] = {
    **dict.fromkeys((Tip.PATIENCE, Tip.TRIGGERS), "NHS"),
    **dict.fromkeys((Tip.HANDS_OFF, Tip.LABEL), "AAD, NHS"),
    Tip.SLEEP: "Mayo Clinic",
    Tip.KEEP_ON: "",
}
SOURCES |= {
    step: frozenset(TIP_SOURCES.get(Tip(step.value), "AAD").split(", "))
    for step in Step
    if step.value in frozenset[str](Tip)
}


@each_locale
@pytest.mark.parametrize("step", list(Step))
def test_every_step_has_its_sentence_and_source(locale: str, step: Step) -> None:
    """No two steps say the same; each names where it is from, in short and in full, or that it is nobody's."""
    base = assess(clear_skin())
    said = {other: text("report", locale, report_view(replace(base, step=other))) for other in Step}
    assert all(said[step] != said[other] for other in Step if other is not step)
    in_full = text("details", locale, report_view(replace(base, step=step)))
    for told in (said[step], in_full):
        assert {name for name in ("AAD", "NHS", "Mayo Clinic") if name in told} == SOURCES.get(step, frozenset())


@each_locale
def test_every_doctor_line_is_worded(locale: str) -> None:
    """Each reason to see a doctor has words of its own, and there are none without a reason."""
    base = assess(clear_skin())
    said = {text("report", locale, report_view(replace(base, doctor=notes))) for notes in ((), *zip(DoctorNote))}
    assert len(said) == len(DoctorNote) + 1


@each_locale
def test_every_tip_is_worded_and_has_its_source(locale: str) -> None:
    """No two tips say the same, and each says where it is from: there, and nowhere else."""
    said = {tip: text("reminder", locale, tip_view(tip)) for tip in Tip}
    assert len(set(said.values())) == len(Tip)
    assert {tip: told.rpartition("(")[2].rstrip(")") if "(" in told else "" for tip, told in said.items()} == {
        tip: TIP_SOURCES.get(tip, "AAD") for tip in Tip
    }


def tip_view(tip: Tip) -> ReminderNoteView:
    return ReminderNoteView(recalled=None, tip=tip, season=None, due_at=None)


@pytest.mark.parametrize(
    "change",
    [
        {"step": "new"},
        {"doctor": ("new",)},
        {"photo_notes": ("new",)},
        {"not_visible": ("new",)},
        {"hardly_seen": (Finding(key="new", region=Region.FACE, severity=Severity.NONE),)},
        {"watch": (Finding(key="new", region=Region.FACE, severity=Severity.PRESENT),)},
    ],
)
def test_what_has_no_words_never_takes_anothers(change: dict[str, object]) -> None:
    """A step, a doctor line, a note, a region or a finding that is not in its table is an error, not another one."""
    with pytest.raises(UndefinedError):
        RENDERER.render("report", "en", report_view(replace(assess(clear_skin()), **change)))  # type: ignore[arg-type]


def test_a_tip_or_a_topic_without_words_is_an_error() -> None:
    """As every step is."""
    with pytest.raises(UndefinedError):
        RENDERER.render("reminder", "en", replace(tip_view(Tip.SHADE), tip="new"))
    with pytest.raises(UndefinedError):
        RENDERER.render("heard", "en", HeardView(topic="new"))  # type: ignore[arg-type]


GONE = (
    *("6 to 12 months", "6 a 12 meses", "calm skin", "even pores", "a smooth", "soft around", "You took the time"),
    *("Going well", "keep an eye on", "Para ir mirando", "Piel tranquila", "poros finos", "use only mild", "🙈", "🙅"),
    *("😴", "🧽", "Protect your eyes from", "skin doctors' reviews", "go soon", "ve pronto"),
    *(
        "sees less well",
        "colour",
        "two things are left",
        "quedan dos cosas",
        "ni vídeos ni",
        "Leído por",
        "las %(time)s",
    ),
    *("within weeks. ", "take a photo in the same light", "Do something nice for yourself"),
    *("Telegram number", "número de Telegram", "can read who", "puede leer quién", "whoever runs this bot in which"),
    *("are never saved", "small map of redness", "Older messages, and yours", "Hands off them", "not one of them seen"),
    *("on this device", "en este equipo", "Este equipo", "You can also use this one", "a smooth forehead", "🙉", "🙊"),
)


def test_texts_that_could_hurt_are_gone() -> None:
    """Not in the templates and not in a catalog."""
    templates = Path(__file__).parents[2] / "templates"
    said = "".join(path.read_text(encoding="utf-8") for path in templates.rglob("*") if path.suffix in (".j2", ".po"))
    assert [text for text in GONE if text in said] == []


@each_locale
def test_what_is_left_after_an_erasure_is_named_whole(locale: str) -> None:
    """The code against old backups, the proof of consent and the day's count, each with its time, before and after."""
    asked = text("delete_confirm", locale, EraseView(agreed_once=True))
    notice = text("privacy", locale, ConsentView(operator_name=None, operator_contact=None, provider=Provider.LOCAL))
    for said in (asked, notice.rpartition("/delete")[2]):
        assert "800" in said
        assert "24" in said
        assert ("three years" if locale == "en" else "tres años") in said


@each_locale
def test_every_note_about_the_photo_is_worded(locale: str) -> None:
    """Each note has words of its own, and advice with it."""
    base = assess(clear_skin())
    notes = [text("details", locale, report_view(replace(base, photo_notes=(note,)))) for note in PhotoNote]
    lines = [next(line for line in said.splitlines() if line.startswith("📷")) for said in notes]
    assert len(set(lines)) == len(PhotoNote)
    assert all(line.count(".") >= 2 for line in lines)


@each_locale
def test_every_rejection_says_what_to_do(locale: str) -> None:
    """Each reason has its own words, without the machine's."""
    said = {reason: text("photo_rejected", locale, RejectionView(reason=reason)) for reason in RejectReason}
    assert len(set(said.values())) == len(RejectReason)
    assert all(reason not in words for reason, words in said.items())


@each_locale
def test_every_refusal_names_what_to_change(locale: str) -> None:
    """No two reasons share a text, and none falls back to the general one."""
    said = [text("photo_refused", locale, RefusalView(number=1, reason=reason)) for reason in RefusalReason]
    said.append(text("photo_refused", locale, RefusalView(number=1, reason="of another day")))
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("reason", list(RefusalReason))
def test_only_poor_quality_can_be_overridden(reason: RefusalReason) -> None:
    """A covered face or a cat can't be read anyway; a dim photo can."""
    buttons = data("photo_refused", RefusalView(number=4, reason=reason))
    assert buttons == ([["anyway:4"], ["guide"]] if reason in OVERRIDABLE else [["guide"]])


SHADOW: Final = (PhotoIssue.HALF_IN_SHADOW, PhotoIssue.SIDE_LIGHT)


@pytest.mark.parametrize("pair", [pair for pair in combinations(PhotoIssue, 2) if pair != SHADOW])
def test_doubts_are_told_one_by_one_with_advice(pair: tuple[PhotoIssue, PhotoIssue]) -> None:
    """Each doubt is a line; two doubts are two lines."""
    alone = [
        text("photo_doubtful", "en", DoubtView(number=2, issues=frozenset({issue}))).splitlines()[1] for issue in pair
    ]
    both = text("photo_doubtful", "en", DoubtView(number=2, issues=frozenset(pair))).splitlines()
    assert sorted(both[1:3]) == sorted(alone)
    assert all(line.count(".") >= 2 for line in alone)


def test_a_shadow_is_told_once() -> None:
    """Half a face in shadow is lit from a side: that goes without saying."""
    shadow = DoubtView(number=2, issues=frozenset({PhotoIssue.HALF_IN_SHADOW}))
    assert text("photo_doubtful", "en", replace(shadow, issues=frozenset(SHADOW))) == text(
        "photo_doubtful", "en", shadow
    )


def test_doubt_can_be_overridden() -> None:
    """One tap uses the photo anyway."""
    assert data("photo_doubtful", DoubtView(number=2, issues=frozenset({PhotoIssue.BLURRED}))) == [
        ["anyway:2"],
        ["guide"],
    ]


@each_locale
def test_every_topic_is_answered(locale: str) -> None:
    """Each in its own words; a crisis with the finder and the emergency number; only a greeting speaks of photos."""
    answered = [topic for topic in Topic if topic not in (Topic.QUESTION, Topic.HELP)]
    said = {topic: text("heard", locale, HeardView(topic=topic)) for topic in answered}
    assert len(set(said.values())) == len(answered)
    assert "findahelpline.com" in said[Topic.CRISIS]
    assert "112" in said[Topic.CRISIS]
    assert not [topic for topic in answered if "selfi" in said[topic].lower() and topic is not Topic.GREETING]


@each_locale
def test_agreeing_button_stands_first(locale: str) -> None:
    """Agree, then read more and no thanks."""
    view = ConsentView(operator_name=None, operator_contact=None, provider=Provider.AILAB)
    assert data("consent", view) == [["consent:yes:0"], ["privacy", "consent:no"]]
    here = ["consent:here:0"]
    assert data("consent", replace(view, on_device=True)) == [["consent:yes:0"], here, ["privacy", "consent:no"]]
    assert RENDERER.render("consent", locale, view).rows[0][0].label.startswith("✅")


@each_locale
@pytest.mark.parametrize("name", ["consent", "privacy"])
def test_notice_says_who_gets_the_photo(locale: str, name: str) -> None:
    """AILabTools by name, or nobody but this server; the operator where known; 18 and /delete always."""
    for provider, named in ((Provider.AILAB, True), (Provider.LOCAL, False)):
        view = ConsentView(operator_name="Ana <Ruiz>", operator_contact="ana@example.org", provider=provider)
        rendered = RENDERER.render(name, locale, view)
        said = plain(rendered.text) + " ".join(button.label for row in rendered.rows for button in row)
        assert ("AILabTools" in said) is named
        assert all(words in said for words in ("18", "/delete", "Ana <Ruiz>", "ana@example.org"))


def test_consent_says_that_the_photo_waits() -> None:
    """Only when one does."""
    base = ConsentView(operator_name=None, operator_contact=None, provider=Provider.LOCAL)
    assert "is waiting" in text("consent", "en", replace(base, photo_waiting=True))
    assert "is waiting" not in text("consent", "en", base)


def test_start_says_it_is_an_ai_and_leads_to_the_guide() -> None:
    """The guide first; privacy before consent, the history after it."""
    assert "I am an AI" in text("start", "en", StartView(consented=False))
    assert data("start", StartView(consented=False)) == [["guide"], ["privacy"]]
    assert data("start", StartView(consented=True)) == [["guide"], ["history:0"]]


def test_history_offers_to_compare_from_the_second_report_on() -> None:
    """One alone has nothing to stand beside."""
    rows = tuple(HistoryRow(number=number, when=WHEN, watch=()) for number in (2, 1))
    for many, compares in ((2, True), (1, False)):
        view = HistoryView(rows=rows[:many], page=0, pages=1)
        assert ("compare" in {each for row in data("history", view) for each in row}) is compares
    last_page = HistoryView(rows=rows[:1], page=1, pages=2)
    assert "compare" in {each for row in data("history", last_page) for each in row}


def test_erasing_offers_to_keep_first() -> None:
    """The safe button stands above the other one."""
    assert data("delete_confirm", EraseView(agreed_once=True)) == [["delete:no"], ["export"], ["delete:yes"]]


def test_settings_show_their_state() -> None:
    """✅ is on, ⬜ is off; each language by its own name."""
    view = SettingsView(
        locale="es",
        languages=LOCALES,
        show_skin_age=True,
        time_zone=None,
        quiet=False,
        keeps_pictures=True,
    )
    labels = {button.data: button.label for row in RENDERER.render("settings", "es", view).rows for button in row}
    on = {data for data, label in labels.items() if label.startswith("✅")}
    off = {data for data, label in labels.items() if label.startswith("⬜")}
    assert on == {"settings:age", "settings:lang:es"}
    assert off == {"settings:quiet", "settings:lang:en"}
    assert labels["settings:lang:en"] == "⬜ English"


def test_trouble_with_a_report_offers_another_try() -> None:
    """Without a report there is nothing to try again."""
    assert data("something_wrong", NumberView(number=3)) == [["again:3"]]
    assert data("something_wrong") == []


@pytest.mark.parametrize(("count", "said"), [(1, "1 waiting photo"), (2, "2 waiting photos")])
def test_cancelling_counts(count: int, said: str) -> None:
    """One photo, two photos."""
    assert said in text("cancelled", "en", CountView(count=count))


@each_locale
def test_every_check_is_worded(locale: str) -> None:
    """Each fact has a line of its own."""
    lines = [CheckLine(fact=fact, good=False, detail="x", analyses=1) for fact in CheckFact]
    said = [text("check", locale, CheckView(lines=(line,))) for line in lines]
    assert len(set(said)) == len(CheckFact)
    assert all(line.startswith("❌ ") and line.endswith("(x)") for line in said)
    assert text("check", locale, CheckView(lines=tuple(lines))).count("❌ ") == len(CheckFact)  # a terminal takes it


@each_locale
def test_menu_and_descriptions_are_within_telegrams_limits(locale: str) -> None:
    """Names 1–32 of [a-z0-9_], descriptions 1–256; 512 and 120 for the bot's own."""
    commands = RENDERER.commands(locale)
    assert [name for name, _ in commands] == ["start", "latest", "progress", "experiment", "reminders", "settings"]
    assert all(1 <= len(described) <= 256 and "\n" not in described for _, described in commands)
    assert 0 < visible_length(RENDERER.line("description", locale)) <= 512
    assert 0 < visible_length(RENDERER.line("short_description", locale)) <= 120
    assert 0 < visible_length(RENDERER.line("name", locale)) <= 64


@each_locale
def test_pores_of_one_cheek_name_one_cheek(locale: str) -> None:
    """Left and right can't be told apart for sure, so no side is named."""
    cheek = Finding(key="pores", region=Region.CHEEKS, severity=Severity.PRESENT, parts=("pores_left_cheek",))
    said = text("report", locale, report_view(replace(assess(clear_skin()), watch=(cheek,))))
    assert {"en": "Visible pores: one cheek", "es": "Poros visibles: una mejilla"}[locale] in said


class _Tags(html.parser.HTMLParser):
    """Telegram's rule: every tag that opens closes, in order, and is one that it knows."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tg-time":
            assert [(name, (value or "").isdigit()) for name, value in attrs] == [("unix", True)]
        else:
            assert (tag, attrs) in ([("b", []), ("i", []), ("code", []), ("blockquote", [("expandable", None)])])
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@each_locale
@pytest.mark.parametrize("analysis", [clear_skin(), usual_skin(), everything_at_once(), on_device()])
@pytest.mark.parametrize("name", ["report", "details"])
def test_report_is_html_that_telegram_takes(locale: str, analysis: Analysis, name: str) -> None:
    """Known tags only, well nested, with something in each quote."""
    rendered = RENDERER.render(name, locale, report_view(assess(analysis, show_skin_age=True))).text
    tags = _Tags()
    tags.feed(rendered)
    assert tags.open == []
    assert "<blockquote expandable></blockquote>" not in rendered


@each_locale
def test_redness_that_is_seen_is_not_said_to_be_the_whole(locale: str) -> None:
    """Where it is hard to judge and yet stands out: there may be more of it."""
    red = Finding(key="sensitivity", region=Region.CHEEKS, severity=Severity.MODERATE, share=0.12)
    more = {"en": "more of it than I see", "es": "más de la que veo"}[locale]
    seen = replace(assess(clear_skin()), watch=(red,), redness_is_hard=True)
    unseen = replace(assess(clear_skin()), redness_is_hard=True)
    assert more in text("report", locale, replace(report_view(seen), offers_feeling=True))
    assert more not in text("report", locale, replace(report_view(unseen), offers_feeling=True))
