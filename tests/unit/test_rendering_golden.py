"""Whole rendered messages, compared in every language.

After a wanted change: `SKINBOT_WRITE_GOLDEN=1 pytest tests/unit/test_rendering_golden.py`, then read the difference.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.calendar.weekly import Season, WeeklyTime
from bot.calendar.zones import zone_of
from bot.listening import Subject, Topic, helplines
from bot.reminders.tips import Tip
from bot.rendering.renderer import Rendered, Renderer
from bot.skin.analysis import MarkKind, Paper, Provider
from bot.skin.assess import assess, findings
from bot.skin.compare import Change
from bot.skin.feelings import Feeling
from bot.skin.photo import PhotoIssue, RefusalReason, RejectReason
from bot.skin.question import QuestionAnswer
from bot.skin.quiet import without_numbers
from bot.skin.report import DoctorNote
from bot.storage.people.moving import MoveRefusal
from bot.storage.records import Tried
from bot.storage.reminders import ReminderState
from bot.views.diary import (
    FeelingLevelView,
    FeelingsToldView,
    FeelingView,
    ProductLine,
    ProductNameView,
    ProductsView,
    ProductUseView,
)
from bot.views.operator import (
    AlertView,
    CheckFact,
    CheckLine,
    CheckView,
    DrillFact,
    DrillLine,
    DrillView,
    InvitationLine,
    InvitationsView,
    NoticeDraftView,
    NoticeProgressView,
    NoticeQuestionView,
    NoticeView,
    RefusalKind,
    SetupView,
    SetupWord,
    StatsView,
    VendorState,
)
from bot.views.own_data import MoveCodeView, MoveRefusedView, MyDataView, PackedView, PartView, RetentionNoticeView
from bot.views.person import (
    ConsentView,
    EraseView,
    ExplainedView,
    HeardView,
    LastReport,
    MarksView,
    NextThing,
    PicturesView,
    SettingsView,
    StartView,
    WithdrawnView,
)
from bot.views.reminders import (
    AskedStep,
    ClockChoice,
    ClocksView,
    GroupsView,
    HourView,
    MatchesView,
    PlaceMatch,
    Recalled,
    ReminderDayView,
    ReminderNoteView,
    ReminderOfferView,
    ReminderSetView,
    ReminderView,
    SameClock,
    ZoneView,
)
from bot.views.reports import (
    ChangeView,
    CountView,
    DailyLimitView,
    DisputeView,
    DoubtView,
    FeltView,
    FindingView,
    HistoryRow,
    HistoryView,
    LatePhotoView,
    NoteView,
    NumberView,
    PhotosLimitView,
    RednessView,
    RefusalView,
    RejectionView,
    ReportView,
    TerminalView,
    TooMany,
    TriedView,
    UnavailableView,
    WaitingView,
)
from bot.views.sheet import NoPair, SheetChoiceView, SheetParts, SheetSentView, SheetToggle
from tests.analyses import clear_skin, everything_at_once, on_device, usual_skin
from tests.experimenting import ENDED, HALF_FACE, ON_OFF, PAUSED, PLANNING, RUNNING
from tests.progressing import COMPARISONS, PROGRESS, SINCE, STORIES

GOLDEN: Final = Path(__file__).parent / "golden"
RENDERER: Final = Renderer()
WHEN: Final = datetime(2026, 11, 22, 21, 5, tzinfo=UTC)

CLEAR: Final = assess(clear_skin())
USUAL: Final = assess(usual_skin(), show_skin_age=True)
CARDS: Final = ("told", *(kind.value for kind in MarkKind), "pores", "lines", "unsure")
EVERYTHING: Final = assess(everything_at_once(), doubts=frozenset({PhotoIssue.BLURRED}), show_skin_age=True)
LOCAL: Final = assess(on_device())
LOCAL_CALM: Final = assess(replace(on_device(area=0.01), marks={MarkKind.RED_SPOTS: ()}, not_visible=frozenset()))
LOCAL_HIDDEN: Final = assess(replace(on_device(area=0.01), marks={MarkKind.RED_SPOTS: ()}))
BESIDE_PAPER: Final = tuple(assess(replace(on_device(), paper=paper)) for paper in Paper)
DARK: Final = assess(clear_skin(), doubts=frozenset({PhotoIssue.TOO_DARK}))
UNTRUE: Final = frozenset({"acne", "pores_left_cheek", "pores_right_cheek", "mole"})
NOTICE: Final = ConsentView(
    operator_name="Ana Ruiz",
    operator_contact="ana@example.org",
    operator_country="Spain",
    company="Example Ltd",
    company_country="Singapore",
    transfer="standard contractual clauses",
    provider=Provider.AILAB,
    on_device=True,
)
NOTICE_LOCAL: Final = ConsentView(
    operator_name=None, operator_contact=None, provider=Provider.LOCAL, photo_waiting=True
)
ROWS: Final = tuple(
    HistoryRow(number=9 - place, when=WHEN, watch=watch, noted=place == 1, went=Change.FEWER if place == 0 else None)
    for place, watch in enumerate((("pores", "lines"), ("acne", "dark_circle", "eye_pouch"), ()))
)
THERE: Final = WHEN.astimezone(zone_of("Europe/Madrid"))
USED: Final = tuple(
    ProductLine(id=number, name=name, started_on=start, stopped_on=end)
    for number, (name, start, end) in enumerate(
        (
            ("zinc <cream>", date(2026, 11, 1), None),
            ("less milk", None, None),
            ("the old cleanser", None, date(2026, 11, 8)),
            ("mask on Sundays", date(2026, 3, 1), date(2026, 5, 31)),
        )
    )
)
FELT: Final = (
    FeelingsToldView(
        when=WHEN,
        told={Feeling.BURNING: 5, Feeling.ITCHING: 0},
        others=(Feeling.TIGHTNESS,),
        doctor=(),
        weekly=True,
        asks_eyes=False,
        quiet=False,
    ),
    FeelingsToldView(
        when=WHEN,
        told=dict(zip(Feeling, (8, 1, 4, 7), strict=True)),
        others=(),
        doctor=(DoctorNote.FEELS_BAD,),
        weekly=False,
        asks_eyes=True,
        quiet=True,
    ),
)
DRILLED: Final = tuple(
    DrillLine(fact=fact, good=not fact.endswith(("broken", "wrong", "shut", "stale", "empty")), detail="x", people=2)
    for fact in DrillFact
)
WEEKLY: Final = WeeklyTime(weekday=5, minute=570)
REMINDED: Final = ReminderView(state="on", weekly=WEEKLY, zone="Europe/Madrid", next_at=THERE)
RECALLED: Final = Recalled(number=7, when=THERE, watch=("pores", "lines"))
LAST: Final = (
    LastReport(
        number=7,
        when=THERE,
        watch=("pores", "acne"),
        change=SINCE[0],
        story=STORIES[1],
        next=NextThing.PHOTO,
        next_at=THERE,
    ),
    LastReport(number=1, when=THERE, watch=(), change=None, story=None, next=NextThing.WAIT, next_at=THERE),
)
SET: Final = ReminderSetView(weekly=WEEKLY, zone="America/Argentina/Buenos_Aires", next_at=THERE)

PARTS: Final = tuple(SheetToggle(part=(part.name or "").lower(), on=True, then=0) for part in SheetParts)
PART_OFF: Final = (replace(PARTS[0], on=False), *PARTS[1:])
OFFERED: Final = SheetChoiceView(
    first=WHEN, photos=104, apart=13, toggles=PARTS, chosen=3, shows_face=False, no_pair=None
)

INVITATIONS: Final = InvitationsView(
    invitations=(
        InvitationLine(number=2, reports=1, used=0, people=1, made_at=datetime(2026, 3, 2, tzinfo=UTC), revoked=True),
        InvitationLine(
            number=1, reports=20, used=20, people=3, made_at=datetime(2026, 3, 1, tzinfo=UTC), revoked=False
        ),
    ),
    link="https://t.me/skin_bot?start=i_abc",
    reports=20,
)
NOTICE_WORDS: Final = "On Sunday I am <away> & nobody answers.\n\nEl domingo no hay nadie."
NOTICE_GOING: Final = NoticeProgressView(
    number=4,
    going=True,
    stopped=False,
    people=312,
    told=120,
    unreachable=3,
    refused=0,
    doubtful=0,
    seconds=38,
)
BUSY: Final = StatsView(
    unanswered=3,
    paused=False,
    invites=True,
    reports={"delivered": 40, "rejected": 3, "requested": 4, "failed": 1, "held": 1, "awaiting_consent": 2},
    refusals={RefusalKind.QUALITY: 2, RefusalKind.FACE: 1},
    active_people=31,
    people=1200,
    calls={"answered": 40, "refused": 1, "": 1},
    set_aside=1,
    analyses_left=812,
    photos_waiting=4,
    waiting={"reports": (3, 12), "updates": (2, 130)},
    errors={"DatabaseUnavailable": 2},
    version="0.1.0",
    up_minutes=95,
)
QUIET_DAY: Final = replace(
    BUSY,
    reports={},
    refusals={},
    calls={},
    set_aside=0,
    analyses_left=None,
    photos_waiting=0,
    waiting={"reports": (0, 0), "updates": (0, 0)},
    errors={},
)
SETTINGS: Final = SettingsView(
    locale="es",
    languages=RENDERER.locales,
    show_skin_age=False,
    time_zone=None,
    quiet=False,
    keeps_pictures=True,
)
OTHER_SETTINGS: Final = replace(
    SETTINGS,
    show_skin_age=True,
    time_zone="Europe/Vienna",
    quiet=True,
    keeps_pictures=False,
    shares_photos=True,
    tells_age=False,
    reminder=ReminderView(state="on", weekly=WEEKLY, zone="Europe/Vienna", next_at=THERE),
)
NOTED: Final = ReportView(
    number=7,
    when=WHEN,
    report=assess(usual_skin(), show_skin_age=True, disputed=UNTRUE),
    has_redness=True,
    shown_again=True,
    offers_picture=True,
    note="New cream <b>since Monday</b>\nslept 4 h",
)
QUIET: Final = replace(NOTED, report=without_numbers(USUAL), note=None)
HELD: Final = MyDataView(
    since=WHEN.replace(year=2025),
    until=WHEN.replace(year=2028),
    agreed_at=WHEN,
    withdrawn_at=None,
    reports=1204,
    waiting=1,
    pictures=7,
    notes=2,
    feelings=0,
    products=0,
    keeps_pictures=True,
)

MESSAGES: Final[Mapping[str, tuple[tuple[str, object | None], ...]]] = {
    "report_clear": (
        ("report", ReportView(number=1, when=WHEN, report=CLEAR)),
        ("details", ReportView(number=1, when=WHEN, report=CLEAR)),
    ),
    "report_usual": tuple(
        (name, ReportView(number=7, when=WHEN, report=USUAL, has_redness=True, album=(2, 3), shown_again=True))
        for name in ("report", "details")
    ),
    "report_cards": (
        ("report", ReportView(number=7, when=WHEN, report=CLEAR, cards=CARDS)),
        ("report", ReportView(number=7, when=WHEN, report=CLEAR, cards=CARDS[:3], card=CARDS[1])),
    ),
    "report_since": tuple(("report", ReportView(number=7, when=WHEN, report=CLEAR, change=change)) for change in SINCE),
    "asking": (
        *(
            ("report", ReportView(number=7, when=WHEN, report=CLEAR, **said))
            for said in (
                {"asks": True},
                {"asks": True, "answer": QuestionAnswer.HEAT, "tried": Tried.PLANNED},
                {"answer": QuestionAnswer.HURTS, "tried": Tried.YES},
                {"answer": QuestionAnswer.NONE, "tried": Tried.NO},
                {"answer": QuestionAnswer.SHAVED, "tried": Tried.PARTLY},
                {"somebody_else": True},
            )
        ),
        *(
            ("report", ReportView(number=7, when=WHEN, report=report, **felt))
            for report in (CLEAR, USUAL)
            for felt in (
                {"offers_feeling": True},
                {
                    "felt": FeltView(
                        when=WHEN, told={Feeling.BURNING: 5, Feeling.ITCHING: 0, Feeling.EYES: 2}, quiet=False
                    )
                },
                {"felt": FeltView(when=WHEN, told=dict.fromkeys(Feeling, 0), quiet=True)},
            )
        ),
        *(("tried", TriedView(outcome=outcome)) for outcome in (Tried.YES, Tried.PARTLY, Tried.NO)),
        (
            "dispute",
            DisputeView(number=7, when=WHEN, seen=(), somebody_else=True, left_out=("mole",), keeps_marks=True),
        ),
        (
            "history",
            HistoryView(rows=(HistoryRow(number=3, when=WHEN, watch=(), somebody_else=True),), page=0, pages=1),
        ),
    ),
    "story": tuple(
        ("report", ReportView(number=7, when=WHEN, report=CLEAR, change=SINCE[0], story=story)) for story in STORIES
    ),
    "report_everything": tuple(
        (name, ReportView(number=8, when=WHEN, report=EVERYTHING, has_redness=True)) for name in ("report", "details")
    ),
    "report_on_device": tuple(
        (name, ReportView(number=9, when=WHEN, report=LOCAL, has_redness=True)) for name in ("report", "details")
    ),
    "report_paper": tuple(("details", ReportView(number=9, when=WHEN, report=report)) for report in BESIDE_PAPER),
    "report_little_seen": tuple(
        (name, ReportView(number=10, when=WHEN, report=report))
        for report in (DARK, LOCAL_CALM, LOCAL_HIDDEN)
        for name in ("report", "details")
    ),
    "terminal": (
        ("terminal", TerminalView(report=USUAL, pictures=("out/annotated.jpg", "out/redness.jpg"))),
        *(("finding", FindingView(finding=finding)) for finding in findings(usual_skin())),
        ("check", CheckView(lines=tuple(CheckLine(fact=fact, good=fact.endswith("good")) for fact in CheckFact))),
        *(("setup", SetupView(word=word)) for word in SetupWord),
        ("restore_drill", DrillView(lines=DRILLED)),
        ("check", CheckView(lines=(CheckLine(fact=CheckFact.KEY_GOOD, good=True, analyses=12),))),
    ),
    "operator": (
        ("admin_alert", AlertView(kind="account", code="ERROR_NOT_ENOUGH_CREDITS")),
        ("admin_alert", AlertView(kind="vendor", code="AWAY")),
        ("admin_alert", AlertView(kind="credits", code="12")),
        ("admin_alert", AlertView(kind="disk", code="150 MB")),
        ("admin_alert", AlertView(kind="updates", code="2 in 24 h")),
        ("admin_alert", AlertView(kind="polling", code="SILENT")),
        ("admin_alert", AlertView(kind="new", code="NEW")),
        ("stats", replace(BUSY, paused=True, invites=False)),
        ("invitations", InvitationsView(invitations=())),
        ("invitations", INVITATIONS),
        ("notice_question", NoticeQuestionView(room=3865)),
        ("notice_question", NoticeQuestionView(room=3865, over=12)),
        ("notice_question", NoticeQuestionView(room=3865, empty=True)),
        ("notice", NoticeView(words=NOTICE_WORDS, operator="Ana Ruiz", contact="ana@example.org")),
        ("notice", NoticeView(words=NOTICE_WORDS)),
        ("notice_draft", NoticeDraftView(number=4, people=312, seconds=62, follows=False)),
        ("notice_draft", NoticeDraftView(number=4, people=1, seconds=0, follows=True)),
        ("notice_progress", NOTICE_GOING),
        ("notice_progress", replace(NOTICE_GOING, follows=True, told=0, unreachable=0)),
        ("notice_progress", replace(NOTICE_GOING, going=False, stopped=True)),
        ("notice_progress", replace(NOTICE_GOING, going=False, told=305, refused=1, doubtful=1, seconds=0)),
        ("notice_dropped", None),
        ("notice_gone", None),
        ("stats", BUSY),
        *(("stats", replace(BUSY, vendor=(state, THERE))) for state in VendorState),
        ("stats", QUIET_DAY),
    ),
    "welcome": (
        ("start", StartView(consented=False)),
        ("start", StartView(consented=True)),
        *(("start", StartView(consented=True, last=last)) for last in LAST),
        ("consent", NOTICE),
        ("consent", replace(NOTICE, on_device=False, photo_waiting=True, renewed=True)),
        ("sharing", NOTICE),
        ("consent", NOTICE_LOCAL),
        *(("consent_given", CountView(count=count)) for count in (0, 1, 2)),
        *(("consent_declined", CountView(count=count)) for count in (0, 1, 2)),
        ("consent_withdrawn", WithdrawnView(keeps_reports=True)),
        ("consent_withdrawn", WithdrawnView(keeps_reports=False)),
        ("privacy", NOTICE),
        ("privacy", NOTICE_LOCAL),
        ("help", None),
        ("guide", None),
    ),
    "on_the_way": (
        *(
            (name, None)
            for name in ("status_queued", "status_checking", "status_analysing", "status_drawing", "photo_taken")
        ),
        ("photo_doubtful", DoubtView(number=4, issues=frozenset(PhotoIssue))),
        *(("analysis_unavailable", UnavailableView(number=4, offers_here=offers)) for offers in (False, True)),
        ("photo_waiting", WaitingView(number=4)),
        ("photo_waiting", WaitingView(number=4, again_at=THERE)),
        ("photo_waiting", WaitingView(number=4, again_at=THERE, offers_here=True)),
        ("same_photo", NumberView(number=3)),
        *(("redness", RednessView(number=4, hardly_any=hardly_any)) for hardly_any in (False, True)),
        ("redness_scale", None),
        ("daily_limit", DailyLimitView(per_person=True)),
        ("daily_limit", DailyLimitView(per_person=False)),
        ("cancelled", CountView(count=1)),
        ("cancelled", CountView(count=2)),
        *((name, None) for name in ("photo_gone", "picture_gone", "nothing_to_cancel")),
    ),
    "photo_rejected": tuple(("photo_rejected", RejectionView(reason=reason)) for reason in RejectReason),
    "photo_refused": tuple(
        ("photo_refused", RefusalView(number=5, reason=reason)) for reason in (*RefusalReason, "new")
    ),
    "report_own": tuple((name, view) for view in (NOTED, QUIET) for name in ("report", "details")),
    "own_data": (
        ("mydata", replace(HELD, has_reminder=True, feelings=31, products=2)),
        ("mydata", replace(HELD, agreed_at=None, withdrawn_at=WHEN, waiting=0)),
        ("mydata", replace(HELD, agreed_at=None, reports=0, waiting=0, pictures=0, notes=0)),
        ("note_saved", NoteView(number=7, note="New <cream>", cut=True)),
        ("note_saved", NoteView(number=7, note=None)),
        ("dispute", DisputeView(number=7, when=WHEN, seen=((USUAL.watch[1], True), (USUAL.watch[2], False)))),
        ("dispute", DisputeView(number=7, when=WHEN, seen=())),
        ("export_working", PartView(done=0, total=0)),
        ("export_working", PartView(done=20, total=41)),
        ("export", PackedView(reports=1, pictures=1, missing=1)),
        ("export", PackedView(reports=41, pictures=80, missing=2)),
        ("pictures_deleted", None),
        ("retention_notice", RetentionNoticeView(day=WHEN)),
        ("sheet_choice", OFFERED),
        ("sheet_choice", replace(OFFERED, apart=0, shows_face=True, toggles=PART_OFF)),
        *(("sheet_choice", replace(OFFERED, photos=1, apart=0, toggles=(), no_pair=why)) for why in NoPair),
        ("sheet_working", None),
        *(("sheet", SheetSentView(no_pair=why)) for why in (None, NoPair.GONE, NoPair.LATER)),
        *((name, None) for name in ("retention_kept", "gentle", "pictures_confirm", "withdraw_confirm")),
        *((name, None) for name in ("delete_kept", "delete_done")),
        *(("delete_confirm", EraseView(agreed_once=once)) for once in (True, False)),
    ),
    "heard": (
        ("heard", HeardView(topic=Topic.CRISIS)),
        ("heard", HeardView(topic=Topic.CRISIS, lines=helplines("US", None))),
        ("heard", HeardView(topic=Topic.CRISIS, lines=helplines("IE", None))),
        ("heard", HeardView(topic=Topic.SADNESS, lines=helplines(None, "es"))),
        *(
            ("heard", HeardView(topic=topic))
            for topic in Topic
            if topic not in (Topic.QUESTION, Topic.HELP, Topic.CRISIS)
        ),
        *(("explained", ExplainedView(about=subject)) for subject in Subject),
    ),
    "progress": PROGRESS,
    "comparison": COMPARISONS,
    "reminders": (
        ("reminders", ReminderView(state="off", weekly=None, zone=None, next_at=None)),
        *(
            (
                "reminders",
                ReminderView(
                    state=state, weekly=WEEKLY, zone="Europe/Madrid", next_at=THERE if state == "on" else None
                ),
            )
            for state in ReminderState
        ),
        ("reminder_day", ReminderDayView()),
        ("reminder_hour", HourView(weekday=5, hours=range(8, 22), quiet=False)),
        ("reminder_hour", HourView(weekday=5, hours=(22, 23, 0), quiet=True)),
        *((name, SET) for name in ("reminder_set", "reminder_tomorrow", "reminder_skipped")),
        *(
            ("reminder", ReminderNoteView(recalled=recalled, tip=Tip.SHORT_WASH, season=season, due_at=due_at))
            for recalled, season, due_at in (
                (RECALLED, Season.WINTER, None),
                (Recalled(number=1, when=THERE, watch=()), None, THERE),
                (
                    Recalled(number=8, when=THERE, watch=("acne",), asked=AskedStep(number=8, step="hands_off")),
                    None,
                    None,
                ),
                (Recalled(number=9, when=THERE, watch=("acne",), change=SINCE[1], story=STORIES[1]), None, None),
                (None, Season.SUMMER, None),
                (replace(RECALLED, change=ChangeView(number=6, when=WHEN)), None, None),
            )
        ),
        ("reminder_offer", ReminderOfferView()),
        *((f"reminder_{name}", None) for name in ("declined", "scan", "paused", "stopped")),
    ),
    "diary": (
        ("feeling", FeelingView(offered=tuple(Feeling)[:3], weekly=True)),
        ("feeling", FeelingView(offered=tuple(Feeling), weekly=False)),
        ("feeling_level", FeelingLevelView(feeling=Feeling.BURNING, weekly=True)),
        ("feeling_level", FeelingLevelView(feeling=Feeling.EYES, weekly=False)),
        *(("feelings_told", view) for view in FELT),
        *((f"feelings_{name}", None) for name in ("off", "confirm", "deleted")),
        ("products", ProductsView(rows=USED, full=False, kept="zinc <cream>")),
        ("products", ProductsView(rows=USED[:1], full=True, kept="zinc <cream>", medicine=True)),
        ("products", ProductsView(rows=(), full=False)),
        ("product_use", ProductUseView(number=7, name="zinc <cream>")),
        ("product_use", ProductUseView(number=0, name=None)),
        *(("product_name", ProductNameView(again=again)) for again in (False, True)),
        ("product_canceled", None),
        ("reminders", replace(REMINDED, asks_feelings=True)),
        ("reminders", replace(REMINDED, asks_feelings=True, asks_eyes=True)),
    ),
    "tips": tuple(
        ("reminder", ReminderNoteView(recalled=None, tip=tip, season=tuple(Season)[place % 4], due_at=None))
        for place, tip in enumerate(Tip)
    ),
    "time_zone": (
        ("zone", ZoneView(zone=None, local=None)),
        ("zone", ZoneView(zone=None, local=None, has_reminder=True, waiting=True)),
        ("zone", ZoneView(zone="Europe/Madrid", local=THERE)),
        (
            "zone_matches",
            MatchesView(
                query="<b>",
                matches=(
                    PlaceMatch(name="Barcelona", country="ES", zone="Europe/Madrid", local=THERE),
                    PlaceMatch(name="UTC", country="", zone="UTC", local=WHEN),
                ),
            ),
        ),
        ("zone_unknown", MatchesView(query="<b>")),
        (
            "zone_clocks",
            ClocksView(
                clocks=tuple(
                    ClockChoice(offset=offset, local=WHEN + timedelta(minutes=offset))
                    for offset in (-180, 60, 330, 765)
                )
            ),
        ),
        (
            "zone_groups",
            GroupsView(
                local=THERE,
                groups=(
                    SameClock(zone="Africa/Lagos", zones=("Africa/Lagos", "Africa/Algiers"), changes=False),
                    SameClock(zone="Europe/Berlin", zones=("Europe/Berlin", "Europe/Madrid"), changes=True),
                ),
            ),
        ),
        ("zone_set", ZoneView(zone="America/Mexico_City", local=THERE)),
        ("zone_place", None),
        ("zone_canceled", None),
        ("zone_place_heard", None),
    ),
    "experiments": (
        *((view.template, view) for view in (*PLANNING, *RUNNING, *ENDED)),
        *(
            ("reminder", ReminderNoteView(recalled=None, tip=Tip.SHADE, season=None, due_at=None, plan=plan))
            for plan in (ON_OFF, replace(HALF_FACE, settles=True), PAUSED)
        ),
        ("mydata", replace(HELD, experiments=2)),
        ("start", StartView(consented=True, last=LAST[0], plan=ON_OFF)),
        *(
            (name, None)
            for name in ("experiment_discarded", "experiment_dropped", "experiment_ending", "experiment_gone")
        ),
    ),
    "everything_else": (
        ("history", HistoryView(rows=ROWS, page=1, pages=3)),
        ("settings", SETTINGS),
        ("settings", OTHER_SETTINGS),
        ("settings_pictures", PicturesView(keeps=True, veils=False, guards=True, hidden=0)),
        ("settings_pictures", PicturesView(keeps=False, veils=True, guards=False, hidden=2)),
        ("settings_marks", MarksView(kinds=tuple((kind, kind is not MarkKind.MOLE) for kind in MarkKind))),
        *((name, None) for name in ("history_empty", "report_missing", "text_hint", "not_a_picture_message")),
        *(
            (name, None)
            for name in (
                "unknown_command",
                "private_only",
                "something_wrong",
                "slow_down",
                "refused",
                "not_named",
                "invitation_over",
                "invitation_spent",
            )
        ),
        ("button_expired", None),
        ("age_question", None),
        ("move_code", MoveCodeView(code="m_7_" + "0123456789abcdef" * 2, minutes=60)),
        ("moved_here", None),
        ("moved_away", None),
        *(("move_refused", MoveRefusedView(why=why)) for why in MoveRefusal),
        ("not_adult", None),
        ("repeat_ended", CountView(count=0)),
        *((name, None) for name in ("voice_message", "edited_command", "edited_photo", "own_picture")),
        *(("note_waits", NoteView(number=-3, note=note)) for note in ("on the beach", None)),
        ("photo_late", LatePhotoView(number=-3, report_number=2)),
        *(("photos_limit", PhotosLimitView(reason=reason)) for reason in TooMany),
        (
            "reminder_back",
            ReminderSetView(weekly=WeeklyTime(weekday=0, minute=540), zone="Europe/Berlin", next_at=WHEN),
        ),
    ),
}


def screen(name: str, rendered: Rendered) -> str:
    """A message as a reader of the file sees it: its HTML and its buttons."""
    rows = "\n".join(" ".join(f"[{button.label} → {button.data}]" for button in row) for row in rendered.rows)
    key = f"\n[[{rendered.place_button}]]" if rendered.place_button else ""
    return f"=== {name}\n{rendered.text}\n{rows}".rstrip() + key


@pytest.mark.parametrize("locale", RENDERER.locales)
@pytest.mark.parametrize("group", MESSAGES)
def test_messages_are_as_agreed(group: str, locale: str) -> None:
    """Word for word, button for button."""
    said = "\n\n".join(screen(name, RENDERER.render(name, locale, view)) for name, view in MESSAGES[group]) + "\n"
    path = GOLDEN / f"{group}.{locale}.txt"
    if os.environ.get("SKINBOT_WRITE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("locale", RENDERER.locales)
def test_bots_own_texts_are_as_agreed(locale: str) -> None:
    """The name, the menu and the two descriptions."""
    menu = "\n".join(f"/{name} {described}" for name, described in RENDERER.commands(locale))
    name, *described = (RENDERER.line(line, locale) for line in ("name", "description", "short_description"))
    said = "\n\n".join((name, menu, *described)) + "\n"
    path = GOLDEN / f"bot.{locale}.txt"
    if os.environ.get("SKINBOT_WRITE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_a_view_names_the_template_it_is_for() -> None:
    """Said without a name it is the same message."""
    told = [(name, view) for messages in MESSAGES.values() for name, view in messages]
    named = [(name, str(view.template)) for name, view in told if view is not None and hasattr(view, "template")]
    assert [pair for pair in named if pair[0] != pair[1]] == []
    assert len(set(named)) >= 30
    start = StartView(consented=True)
    assert RENDERER.render(start, "en") == RENDERER.render("start", "en", start)


def test_every_message_is_among_them() -> None:
    """A template without an agreed text is found here."""
    ours = Path(__file__).parents[2] / "templates" / "messages"
    templates = {path.name.removesuffix(".html.j2") for path in ours.glob("*.html.j2")}
    assert templates == {name for messages in MESSAGES.values() for name, _ in messages}
