"""What becomes of a report that met an error, error by error."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

import pytest

from bot.analysis import AccountBlocked, AnalysisUnavailable, CreditsExhausted, PhotoRefused, VendorAway
from bot.imaging.intake.rejection import PhotoRejected
from bot.reports.allowance import TakingPaused, TooManyPhotos
from bot.reports.measuring import PhotoDoubtful
from bot.reports.paying import NoLongerWanted
from bot.reports.photos import AlreadyMeasured
from bot.reports.verdicts import PhotoLate, Verdict, verdict_on
from bot.skin.photo import PhotoIssue, RejectReason
from bot.storage.ledger import BudgetSpent
from bot.storage.records import ReportFate, ReportRecord, ReportState
from bot.telegram.errors import DeliveryError, FileGone, FileTooBig, MessageLost, Unreachable
from bot.views.reports import (
    CountView,
    DailyLimitView,
    DoubtView,
    LatePhotoView,
    NumberView,
    PhotosLimitView,
    RefusalView,
    RejectionView,
    TooMany,
    UnavailableView,
    WaitingView,
)
from tests.unit.storage.making import NOON, selfie

REPORT: Final = ReportRecord(
    id=3,
    person_id=1,
    number=-2,
    state=ReportState.REQUESTED,
    reason=None,
    requested_at=NOON,
    updated_at=NOON,
    not_before=NOON,
    photos=(selfie(),),
    chosen=None,
    status_message_id=8,
    check_quality=True,
    provider=None,
    answer=None,
    red_map=None,
    facts=None,
    summary=None,
    annotated_file_id=None,
    redness_file_id=None,
    note=None,
    disputed=frozenset(),
    attempts=0,
)
INSISTED: Final = replace(REPORT, check_quality=False)
DARK: Final = frozenset({PhotoIssue.TOO_DARK})


def ended(fate: ReportFate, says: str, view: object | None = None, *, reason: str | None = None) -> Verdict:
    return Verdict(fate=fate, reason=reason or says, says=says, view=view)


TABLE: Final = [
    (
        PhotoRejected(RejectReason.DAMAGED),
        REPORT,
        ended(ReportFate.REJECTED, "photo_rejected", RejectionView(reason=RejectReason.DAMAGED), reason="damaged"),
    ),
    (
        FileTooBig(),
        REPORT,
        ended(
            ReportFate.REJECTED,
            "photo_rejected",
            RejectionView(reason=RejectReason.TOO_LARGE_FILE),
            reason=RejectReason.TOO_LARGE_FILE.value,
        ),
    ),
    (AlreadyMeasured(4), REPORT, ended(ReportFate.REJECTED, "same_photo", NumberView(number=4))),
    (
        PhotoDoubtful(DARK),
        REPORT,
        ended(ReportFate.HELD, "photo_doubtful", DoubtView(number=-2, issues=DARK), reason="doubtful"),
    ),
    (
        PhotoRefused("no_face"),
        REPORT,
        ended(ReportFate.HELD, "photo_refused", RefusalView(number=-2, reason="no_face"), reason="no_face"),
    ),
    (
        PhotoRefused("no_face"),
        INSISTED,
        ended(
            ReportFate.REJECTED,
            "photo_refused",
            RefusalView(number=-2, reason="no_face", may_insist=False),
            reason="no_face",
        ),
    ),
    (BudgetSpent(per_person=True), REPORT, ended(ReportFate.FAILED, "daily_limit", DailyLimitView(per_person=True))),
    (
        TooManyPhotos(TooMany.HOUR),
        REPORT,
        ended(ReportFate.FAILED, "photos_limit", PhotosLimitView(reason=TooMany.HOUR)),
    ),
    (
        PhotoLate(4),
        REPORT,
        ended(ReportFate.FAILED, "photo_late", LatePhotoView(number=-2, report_number=4)),
    ),
    (FileGone(), REPORT, ended(ReportFate.FAILED, "photo_gone")),
    (
        AnalysisUnavailable("away"),
        REPORT,
        replace(
            ended(ReportFate.FAILED, "analysis_unavailable", UnavailableView(number=-2, offers_here=True)),
            is_vendors=True,
        ),
    ),
    *(
        (
            VendorAway("502"),
            replace(REPORT, reason="vendor", attempts=attempts),
            Verdict(
                fate=ReportFate.WAITING,
                reason="vendor",
                says="photo_waiting",
                view=WaitingView(number=-2, again_at=NOON + timedelta(minutes=minutes), offers_here=True),
                pause=timedelta(minutes=minutes),
                is_vendors=True,
            ),
        )
        for attempts, minutes in ((0, 1), (1, 2), (3, 8), (4, 10), (35, 10))
    ),
    (
        VendorAway("502"),
        replace(REPORT, reason="vendor", attempts=36),
        replace(
            ended(ReportFate.FAILED, "analysis_unavailable", UnavailableView(number=-2, offers_here=True)),
            is_vendors=True,
        ),
    ),
    (
        TakingPaused(),
        REPORT,
        Verdict(
            fate=ReportFate.WAITING,
            reason="paused",
            says="photo_waiting",
            view=WaitingView(number=-2),
            pause=timedelta(minutes=10),
        ),
    ),
    (
        NoLongerWanted(),
        REPORT,
        Verdict(
            fate=ReportFate.FAILED, reason="cancelled", says="cancelled", view=CountView(count=1), is_counted=False
        ),
    ),
    *(
        (
            blocked,
            REPORT,
            Verdict(
                fate=ReportFate.WAITING,
                reason="account",
                says="photo_waiting",
                view=WaitingView(number=-2, again_at=NOON + timedelta(minutes=10), offers_here=True),
                pause=timedelta(minutes=10),
                operator_hears=blocked.code,
                is_vendors=True,
            ),
        )
        for blocked in (AccountBlocked("BAD_KEY"), CreditsExhausted("NO_CREDITS"))
    ),
    (
        DeliveryError("no answer", permanent=False),
        REPORT,
        Verdict(fate=ReportFate.WAITING, reason="undelivered", pause=timedelta(seconds=30)),
    ),
    (
        DeliveryError("silence", permanent=False, silent_for=timedelta(minutes=7)),
        REPORT,
        Verdict(fate=ReportFate.WAITING, reason="undelivered", pause=timedelta(minutes=7)),
    ),
    *(
        (gone, REPORT, Verdict(fate=ReportFate.UNREACHABLE, reason="unreachable"))
        for gone in (DeliveryError("refused", permanent=True), Unreachable(), MessageLost())
    ),
]


@pytest.mark.parametrize(
    ("error", "report", "verdict"), TABLE, ids=[f"{type(error).__name__}-{at}" for at, (error, *_) in enumerate(TABLE)]
)
def test_each_error_has_its_verdict(error: Exception, report: ReportRecord, verdict: Verdict) -> None:
    assert verdict_on(error, report, now=NOON, offers_here=True) == verdict


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 5), (1, 10), (2, 20), (3, 40)])
def test_what_nobody_foresaw_is_tried_again_ever_later(attempts: int, seconds: int) -> None:
    """In silence, and with its trace in the log."""
    verdict = verdict_on(LookupError("a bug"), replace(REPORT, attempts=attempts), now=NOON)
    assert verdict == Verdict(
        fate=ReportFate.WAITING, reason="unforeseen", pause=timedelta(seconds=seconds), is_ours=True
    )


def test_what_nobody_foresaw_is_given_up_in_words_in_the_end() -> None:
    verdict = verdict_on(LookupError("a bug"), replace(REPORT, attempts=4), now=NOON)
    view = NumberView(number=-2)
    name = "something_wrong"
    assert verdict == Verdict(fate=ReportFate.FAILED, reason=name, says=name, view=view, is_ours=True)


def test_whoever_insisted_is_not_asked_about_a_doubt_again() -> None:
    assert verdict_on(PhotoDoubtful(DARK), INSISTED, now=NOON).fate is ReportFate.REJECTED
