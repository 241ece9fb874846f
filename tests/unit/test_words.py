"""Every member of every list that is worded has words of its own, in every language; what is in no list has none."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from jinja2 import UndefinedError

from bot.calendar.weekly import Season, WeeklyTime
from bot.listening import Subject, Topic
from bot.own_data.sheet.view import sheet_view
from bot.reminders.tips import Tip
from bot.rendering.renderer import Renderer
from bot.skin.analysis import Judged, MarkKind, Paper, Provider
from bot.skin.assess import assess
from bot.skin.compare import Beside, Change
from bot.skin.experiments.answer import Caveat, Certainty
from bot.skin.experiments.photo import Spoiled
from bot.skin.experiments.plan import PLANS, Arm, Design, FaceSide, Finds
from bot.skin.feelings import Feeling
from bot.skin.measures import NEVER_FOLLOWED, Measure, Unit
from bot.skin.photo import PhotoIssue, RefusalReason, RejectReason
from bot.skin.places import Place
from bot.skin.products import Use
from bot.skin.question import QuestionAnswer
from bot.skin.report import DoctorNote, Finding, PhotoNote, Portion, Region, Severity, Step
from bot.skin.scene import Differs
from bot.skin.trend import Direction
from bot.storage.records import CallOutcome, ReportState, Tried
from bot.storage.reminders import ReminderState
from bot.views.diary import FeelingLevelView, ProductUseView
from bot.views.experiments import DesignView, JudgedView, LeftOut, LengthView, PhotoCheckView, StepConfirmView
from bot.views.operator import (
    AlertKind,
    AlertView,
    CheckFact,
    CheckLine,
    CheckView,
    DrillFact,
    DrillLine,
    DrillView,
    RefusalKind,
    SetupView,
    SetupWord,
    VendorState,
)
from bot.views.own_data import ExportedReport, ExportView, PictureKind
from bot.views.person import ConsentView, ExplainedView, HeardView, MarksView
from bot.views.progress import ChartView, CompareChoiceView
from bot.views.reminders import ReminderNoteView, ReminderView
from bot.views.reports import (
    DoubtView,
    FindingView,
    HistoryRow,
    HistoryView,
    PhotosLimitView,
    RefusalView,
    RejectionView,
    ReportView,
    TooMany,
    TriedView,
)
from bot.views.sheet import NoPair, SheetChoiceView, SheetParts, SheetToggle
from tests.analyses import clear_skin
from tests.experimenting import HALF_FACE, HELPS, ON_OFF
from tests.progressing import comparison, comparison_view, difference, progress_view, trend_of
from tests.unit.own_data.two_years import two_years
from tests.unit.test_rendering_golden import BUSY, HELD, SETTINGS

RENDERER: Final = Renderer()
WHEN: Final = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)
TEMPLATES: Final = Path(__file__).parents[2] / "templates"

Shown = tuple[str, object]


@dataclass(frozen=True, kw_only=True)
class Worded:
    """`show`: a message that tells a member. `alike`: how many members share their words with another on purpose."""

    members: Iterable[str]
    show: Callable[[Any], Shown]
    alike: int = 0


DEGREES: Final = (Severity.MILD, Severity.MODERATE, Severity.STRONG)


def shown(**change: object) -> ReportView:
    report = replace(assess(clear_skin()), **change)  # type: ignore[arg-type]  # also what is in no list
    return ReportView(number=7, when=WHEN, report=report)


def details(**change: object) -> Shown:
    return "details", shown(**change)


def seen(**change: object) -> Shown:
    told = replace(Finding(key="acne", region=Region.FACE, severity=Severity.MILD), **change)  # type: ignore[arg-type]
    return "finding", FindingView(finding=told)


@dataclass(frozen=True, kw_only=True)
class Shared(Finding):
    """Redness whose share is put in just these words."""

    words: str

    @property
    def portion(self) -> Portion:
        return self.words  # type: ignore[return-value]  # also what is in no list


def portion(key: str, *, in_part: bool = False) -> Shown:
    told = Shared(
        key="sensitivity", region=Region.FACE, severity=Severity.MODERATE, share=0.5, words=key, in_part=in_part
    )
    return "finding", FindingView(finding=told)


def tip(key: Tip = Tip.SHADE, season: Season | None = None) -> Shown:
    return "reminder", ReminderNoteView(recalled=None, tip=key, season=season, due_at=None)


def reminders(state: str) -> Shown:
    weekly = WeeklyTime(weekday=5, minute=570)
    return "reminders", ReminderView(state=state, weekly=weekly, zone="Europe/Madrid", next_at=WHEN)


def consent(provider: Provider) -> Shown:
    return "consent", ConsentView(operator_name=None, operator_contact=None, provider=provider)


def chart(unit: Unit = Unit.COUNT, direction: Direction = Direction.MORE) -> Shown:
    trend = replace(trend_of(Measure.ACNE, Direction.MORE), direction=direction)
    return "chart", ChartView(trend=trend, unit=unit, ticks=(0.25, 2.0), dates=())


def usual(unit: Unit) -> Shown:
    """The spread from photo to photo, in that unit."""
    trend = replace(trend_of(Measure.ACNE, Direction.STEADY), usual=(1.25, 2.25))
    return "progress", replace(progress_view(trend), unit=unit)


def changed(change: Change = Change.MORE, measure: Measure = Measure.ACNE) -> Shown:
    told = comparison((difference(measure, 1, 2, change),), frozenset())
    return "comparison", replace(comparison_view(told, pictured=False), units={measure: Unit.COUNT})


def beside(key: Beside) -> Shown:
    return "comparison", replace(comparison_view(comparison((), frozenset())), beside={key: 1})


def differing(key: Differs) -> Shown:
    return "comparison", comparison_view(comparison((), frozenset({key})), pictured=False)


def watched(key: str) -> Shown:
    return "history", HistoryView(rows=(HistoryRow(number=1, when=WHEN, watch=(key,)),), page=0, pages=1)


def doubtful(key: PhotoIssue) -> Shown:
    return "photo_doubtful", DoubtView(number=1, issues=frozenset({key}))


def slot(key: str) -> Shown:
    row = HistoryRow(number=3, when=WHEN, watch=())
    return "compare_choice", CompareChoiceView(slot=key, before=1, after=2, rows=(row,), page=0, pages=1)


PAGE: Final = sheet_view(two_years(photos=3), SheetParts.NOTES, None, WHEN)


def offered(no_pair: NoPair | None = None, part: str = "notes") -> Shown:
    """The screen before the page for a doctor."""
    toggle = SheetToggle(part=part, on=True, then=0)
    view = SheetChoiceView(
        first=WHEN, photos=9, apart=1, toggles=(toggle,), chosen=0, shows_face=False, no_pair=no_pair
    )
    return "sheet_choice", view


def finding(judged: Judged, finds: Finds) -> Shown:
    offered = replace(PLANS[0], judged=judged, finds=finds)
    return "experiment_length", LengthView(design=Design.ON_OFF, offers=(offered,))


LISTS: Final = {
    "tip": Worded(members=Tip, show=tip),
    "feeling": Worded(members=Feeling, show=lambda key: ("feeling_level", FeelingLevelView(feeling=key, weekly=False))),
    "use": Worded(
        members=Use, show=lambda key: ("product_use", replace(ProductUseView(number=0, name=None), uses=(key,)))
    ),
    "season": Worded(members=Season, show=lambda key: tip(season=key)),
    "topic": Worded(
        members=[
            topic for topic in Topic if topic not in (Topic.QUESTION, Topic.HELP)
        ],  # these have views of their own
        show=lambda key: ("heard", HeardView(topic=key)),
    ),
    "subject": Worded(members=Subject, show=lambda key: ("explained", ExplainedView(about=key))),
    "step": Worded(members=Step, show=lambda key: ("report", shown(step=key))),
    "answer": Worded(members=QuestionAnswer, show=lambda key: ("report", replace(shown(), answer=key))),
    "tried": Worded(
        members=[each for each in Tried if each is not Tried.PLANNED],
        show=lambda key: ("tried", TriedView(outcome=key)),
    ),
    "doctor": Worded(members=DoctorNote, show=lambda key: ("report", shown(doctor=(key,)))),
    "photo note": Worded(members=PhotoNote, show=lambda key: ("report", shown(photo_notes=(key,)))),
    "photo note with advice": Worded(members=PhotoNote, show=lambda key: details(photo_notes=(key,))),
    "place": Worded(members=Place, show=lambda key: details(partly_visible=(key,))),
    "hidden place": Worded(members=Place, show=lambda key: ("report", shown(not_visible=(key,)))),
    "portion": Worded(members=Portion, show=portion),
    "portion in sight": Worded(members=Portion, show=lambda key: portion(key, in_part=True)),
    "degree": Worded(members=DEGREES, show=lambda key: seen(key="blackhead", severity=key)),
    "strength": Worded(members=DEGREES, show=lambda key: seen(key="eye_pouch", severity=key)),
    "degree of redness": Worded(members=DEGREES, show=lambda key: seen(key="sensitivity", severity=key)),
    "paper": Worded(members=Paper, show=lambda key: details(paper=key)),
    "finding": Worded(
        members=(*MarkKind, "sensitivity"),
        show=lambda key: (
            "history",
            HistoryView(rows=(HistoryRow(number=1, when=WHEN, watch=(key,)),), page=0, pages=1),
        ),
    ),
    "mark": Worded(members=MarkKind, show=lambda key: ("settings_marks", MarksView(kinds=((key, True),)))),
    "doubt": Worded(
        members=PhotoIssue, show=lambda key: ("photo_doubtful", DoubtView(number=1, issues=frozenset({key})))
    ),
    "rejection": Worded(members=RejectReason, show=lambda key: ("photo_rejected", RejectionView(reason=key))),
    "limit": Worded(members=TooMany, show=lambda key: ("photos_limit", PhotosLimitView(reason=key))),
    "reminder's state": Worded(members=ReminderState, show=reminders, alike=1),
    "consent by provider": Worded(members=Provider, show=consent),
    "direction": Worded(members=set(Direction) - {Direction.TOO_FEW}, show=lambda key: chart(direction=key)),
    "unit on an axis": Worded(members=Unit, show=lambda key: chart(unit=key), alike=3),
    "unit": Worded(members=Unit, show=usual),
    "change": Worded(members=Change, show=lambda key: changed(change=key)),
    "measure": Worded(members=set(Measure) - NEVER_FOLLOWED, show=lambda key: changed(measure=key)),
    "what stands beside": Worded(members=Beside, show=beside),
    "difference of photos": Worded(members=Differs, show=differing),
    "vendor": Worded(
        members=VendorState,
        show=lambda key: ("stats", replace(BUSY, vendor=(key, WHEN))),
    ),
    "state of a report": Worded(members=ReportState, show=lambda key: ("stats", replace(BUSY, reports={key: 1}))),
    "outcome of a call": Worded(members=("", *CallOutcome), show=lambda key: ("stats", replace(BUSY, calls={key: 1}))),
    "why photos were refused": Worded(
        members=RefusalKind, show=lambda key: ("stats", replace(BUSY, refusals={key: 1}))
    ),
    "check": Worded(members=CheckFact, show=lambda key: ("check", CheckView(lines=(CheckLine(fact=key, good=True),)))),
    "drill": Worded(members=DrillFact, show=lambda key: ("restore_drill", DrillView(lines=(DrillLine(fact=key),)))),
    "what is judged": Worded(
        members=Judged, show=lambda key: ("experiment_judged", JudgedView(what="x", choices=(key,)))
    ),
    "design": Worded(members=Design, show=lambda key: ("experiment_design", DesignView(what="x", designs=(key,)))),
    "what a plan finds of redness": Worded(members=Finds, show=lambda key: finding(Judged.REDNESS, key)),
    "what a plan finds of pimples": Worded(members=Finds, show=lambda key: finding(Judged.PIMPLES, key)),
    "cheek that gets it": Worded(
        members=FaceSide, show=lambda key: ("experiment_plan", replace(HALF_FACE, treated=key))
    ),
    "cheek of today": Worded(members=FaceSide, show=lambda key: ("experiment_plan", replace(HALF_FACE, side=key))),
    "certainty": Worded(members=Certainty, show=lambda key: ("experiment_answer", replace(HELPS, certainty=key))),
    "caveat": Worded(members=Caveat, show=lambda key: ("experiment_answer", replace(HELPS, caveats=(key,)))),
    "why a photo does not count": Worded(
        members=(*Spoiled, *(each for each in LeftOut if each is not LeftOut.OUTSIDE)),  # which nobody is told
        show=lambda key: ("experiment_photo", PhotoCheckView(reasons=(key,), counted=1, photos_a_week=4)),
    ),
    "step of an experiment": Worded(
        members=("pause", "early", "drop"),
        show=lambda key: ("experiment_confirm", StepConfirmView(act=key, weeks=1, of=8)),
    ),
    "arm of a week": Worded(members=Arm, show=lambda key: ("experiment_plan", replace(ON_OFF, arm=key))),
    "set-up": Worded(members=SetupWord, show=lambda word: ("setup", SetupView(word=word, detail="x", analyses=1))),
    "slot": Worded(members=("before", "after"), show=slot),
    "why no photos are on the page": Worded(members=NoPair, show=lambda key: offered(no_pair=key)),
    "part of the page": Worded(
        members=[(part.name or "").lower() for part in SheetParts], show=lambda key: offered(part=key)
    ),
}
# What may come from elsewhere, or from a later version, is worded generally when it is in no list.
OPEN_LISTS: Final = {
    "refusal": Worded(
        members=(*RefusalReason, PhotoIssue.TOO_DARK, PhotoIssue.TOO_BRIGHT),
        show=lambda key: ("photo_refused", RefusalView(number=1, reason=key)),
        alike=1,  # the vendor's and our own name for a dim photo
    ),
    "alert": Worded(members=AlertKind, show=lambda key: ("admin_alert", AlertView(kind=key, code="7"))),
}
each_locale = pytest.mark.parametrize("locale", RENDERER.locales)


def said(shown: Shown, locale: str) -> str:
    name, view = shown
    rendered = RENDERER.render(name, locale, view)
    return rendered.text + "".join(button.label for row in rendered.rows for button in row)


@each_locale
@pytest.mark.parametrize("name", [*LISTS, *OPEN_LISTS])
def test_every_member_has_words_of_its_own(name: str, locale: str) -> None:
    """No two members of a list say the same, but for those that are meant to."""
    worded = {**LISTS, **OPEN_LISTS}[name]
    members = list(worded.members)
    assert len({said(worded.show(member), locale) for member in members}) == len(members) - worded.alike


@each_locale
@pytest.mark.parametrize("name", LISTS)
def test_what_is_in_no_list_is_an_error(name: str, locale: str) -> None:
    """It never takes the words of another."""
    with pytest.raises((UndefinedError, KeyError)):
        said(LISTS[name].show("made_up"), locale)


@each_locale
@pytest.mark.parametrize("name", OPEN_LISTS)
def test_general_words_are_no_members(name: str, locale: str) -> None:
    """What nobody knew of is said in general words, which no member has."""
    worded = OPEN_LISTS[name]
    assert said(worded.show("made_up"), locale) not in {said(worded.show(member), locale) for member in worded.members}


@each_locale
def test_pages_take_no_words_of_another(locale: str) -> None:
    """Who measured, on the page for a doctor; why a file is not in the export."""
    told = {RENDERER.parts("sheet", locale, replace(PAGE, provider=each))["footer"] for each in Provider}
    assert len(told) == len(Provider)
    with pytest.raises(UndefinedError):
        RENDERER.parts("sheet", locale, replace(PAGE, provider="made_up"))  # type: ignore[arg-type]
    reasons = {RENDERER.page("export", locale, exported(each)) for each in ("gone", "too_big", "no_room")}
    assert len(reasons) == 3
    with pytest.raises(UndefinedError):
        RENDERER.page("export", locale, exported("made_up"))
    pictures = {RENDERER.page("export", locale, pictured(each)) for each in PictureKind}
    assert len(pictures) == len(PictureKind)
    with pytest.raises(UndefinedError):
        RENDERER.page("export", locale, pictured("made_up"))  # type: ignore[arg-type]


def pictured(kind: PictureKind) -> ExportView:
    report = ExportedReport(number=1, when=WHEN, report=None, note=None, pictures=((kind, "pictures/7.jpg"),))
    return replace(exported("gone"), reports=(report,))


def exported(reason: str) -> ExportView:
    missing = (("pictures/7.jpg", reason),)
    return ExportView(
        made_at=WHEN, locale="en", person=HELD, settings=SETTINGS, reports=(), feelings=(), products=(), missing=missing
    )


@each_locale
def test_degrees_are_words(locale: str) -> None:
    """A few blackheads, a little of anything else; what has no degree gets none."""
    degrees = (Severity.PRESENT, Severity.MILD, Severity.MODERATE, Severity.STRONG)
    for key in ("blackhead", "eye_pouch"):
        assert len({said(seen(key=key, severity=each), locale) for each in degrees}) == 4


def test_no_chain_decides_between_sentences() -> None:
    """Words are looked up in tables: where a chain of conditions asks for a value, its last `else` is somebody's."""
    chains = {
        f"{path.name}: {chain}"
        for path in TEMPLATES.rglob("*.j2")
        for chain in re.findall(r"elif ([\w.]+ == \"\w+\")", path.read_text(encoding="utf-8"))
    }
    assert chains == {
        'findings.html.j2: part == "pores_right_cheek"',
        'progress.html.j2: trend.direction == "steady"',
        'reminders.html.j2: view.state == "waiting"',
        'sheet.html.j2: trend.direction == "steady"',
    }


# Each looks for another place to find words in, or for general ones that no member has (see OPEN_LISTS).
FALLBACKS: Final = {
    'measures.html.j2: .get(key, "")',  # nothing is said of a measure that explains itself
    "admin_alert.html.j2: .get(view.kind)",  # an alert of a later version, in general words
    "photo_refused.html.j2: .get(view.reason, _(",  # a vendor's reason that nobody knew of
    "export.html.j2: or _(",  # no time zone is said in words
    "measures.html.j2: own[key] if key in own else name(key)",  # a finding is called as everywhere
    "measures.html.j2: own[key] if key in own else measure(key)",  # as it is called
    "steps.html.j2: own[key] if key in own else tips.tip(key)",  # a step that is a weekly tip has its words
    "steps.html.j2: own[key] if key in own else tips.source(key)",  # and its source
}
_ANOTHERS: Final = re.compile(
    r"\.get\(\s*[\w.]+\s*(?:\)|,\s*[\w.\"']+\(?\)?)|\|\s*d(?:efault)?\(|\bor\s+n?p?(?:gettext|_)\("
    r"|\w+\[\w+\]\s+if\s+\w+\s+in\s+\w+\s+else\s+[\w.]+\(?\w*\)?"
)


def test_no_table_falls_back_on_words_of_another() -> None:
    """A key without words is an error: `.get`, `default` and `or` would say somebody else's in silence."""
    found = {
        f"{path.name}: {fallback}"
        for path in TEMPLATES.rglob("*.j2")
        for fallback in _ANOTHERS.findall(path.read_text(encoding="utf-8"))
    }
    assert found == FALLBACKS
