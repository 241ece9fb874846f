"""What becomes of a report that met an error: what is said, how it goes on, what the operator hears. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.analysis import AccountBlocked, AnalysisUnavailable, PhotoRefused, VendorAway
from bot.imaging.intake.rejection import PhotoRejected
from bot.people.unreachable import UNREACHABLE
from bot.reports.allowance import TakingPaused, TooManyPhotos
from bot.reports.measuring import AgeUnsure, PhotoDoubtful
from bot.reports.paying import NoLongerWanted
from bot.reports.photos import AlreadyMeasured
from bot.skin.photo import RejectReason
from bot.storage.ledger import BudgetSpent
from bot.storage.people.invitations import InvitationSpent
from bot.storage.records import AGE_UNSURE, ReportFate, ReportRecord
from bot.storage.reports.chosen_readers import UNAVAILABLE
from bot.storage.reports.reports import CANCELLED
from bot.telegram.errors import DeliveryError, FileGone, FileTooBig, MessageLost
from bot.views.operator import AlertKind
from bot.views.reports import (
    CountView,
    DailyLimitView,
    DoubtView,
    LatePhotoView,
    NumberView,
    PhotosLimitView,
    RefusalView,
    RejectionView,
    UnavailableView,
    WaitingView,
)

PAUSED: Final = "paused"
UNTIL_REFILL: Final = timedelta(minutes=10)
_UNTIL_VENDOR: Final = timedelta(minutes=1)
_MOST_VENDOR_WAITS: Final = 36  # about six hours: then the person is asked to send it again
_FIRST_PAUSE: Final = timedelta(seconds=5)
_UNTIL_TELEGRAM: Final = timedelta(seconds=30)
_MAX_ATTEMPTS: Final = 5


class PhotoLate(Exception):
    """A part of an album that came when report `number` was being made of the others."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`says`: the template that the person reads, with its `view`; None for silence.

    `reason` is kept with the report. `pause`: until it is worked again, for one that waits. `operator_hears`: the code
    of a trouble with the vendor's account. `is_counted`: it shows in the figures. `is_ours`: the fault may be, so that
    its whole trace is logged. `is_vendors`: the vendor's, so that the person may have chosen another reader.
    """

    fate: ReportFate
    reason: str
    says: str | None = None
    view: object | None = None
    pause: timedelta | None = None
    operator_hears: str | None = None
    is_counted: bool = True
    is_ours: bool = False
    is_vendors: bool = False


def verdict_on(error: Exception, report: ReportRecord, *, now: datetime, offers_here: bool = False) -> Verdict:
    """`offers_here`: what the vendor can't read may be read on this machine, if its sender wants that."""
    return (
        _on_photo(error, report)
        or _on_wish(error, report)
        or _on_limits(error, report)
        or _on_vendor(error, report, now=now, offers_here=offers_here)
        or _on_telegram(error)
        or _unforeseen(report)
    )


def _on_photo(error: Exception, report: ReportRecord) -> Verdict | None:
    """By the photo itself: turned down, or a question to the person."""
    match error:
        case PhotoRejected(reason=reason):
            return _rejected("photo_rejected", RejectionView(reason=reason), reason)
        case FileTooBig():
            too_large = RejectReason.TOO_LARGE_FILE
            return _rejected("photo_rejected", RejectionView(reason=too_large), too_large)
        case AlreadyMeasured(number=earlier):
            return _rejected("same_photo", NumberView(number=earlier), "same_photo")
        case PhotoDoubtful(issues=issues):
            doubt = DoubtView(number=report.number, issues=issues)
            return _asked(report, "photo_doubtful", doubt, "doubtful")
        case PhotoRefused(reason=refusal):
            refused = RefusalView(number=report.number, reason=refusal, may_insist=report.check_quality)
            return _asked(report, "photo_refused", refused, refusal)
        case _:
            return None


def _on_wish(error: Exception, report: ReportRecord) -> Verdict | None:
    """It is not wanted, or not yet."""
    match error:
        case NoLongerWanted():
            said = CountView(count=1)
            return Verdict(fate=ReportFate.FAILED, reason=CANCELLED, says="cancelled", view=said, is_counted=False)
        case AgeUnsure():
            return Verdict(fate=ReportFate.HELD, reason=AGE_UNSURE, says="age_question", is_counted=False)
        case PhotoLate(number=earlier):
            return _failed("photo_late", LatePhotoView(number=report.number, report_number=earlier))
        case _:
            return None


def _on_limits(error: Exception, report: ReportRecord) -> Verdict | None:
    """There are enough for now."""
    match error:
        case TakingPaused():
            waits = WaitingView(number=report.number)
            return Verdict(fate=ReportFate.WAITING, reason=PAUSED, says=waits.template, view=waits, pause=UNTIL_REFILL)
        case InvitationSpent():
            return _failed("invitation_spent")
        case BudgetSpent(per_person=per_person):
            return _failed("daily_limit", DailyLimitView(per_person=per_person))
        case TooManyPhotos(reason=reason):
            return _failed("photos_limit", PhotosLimitView(reason=reason))
        case _:
            return None


def _on_vendor(error: Exception, report: ReportRecord, *, now: datetime, offers_here: bool) -> Verdict | None:
    in_a_row = report.attempts if report.reason == AlertKind.VENDOR else 0
    match error:
        case VendorAway() if in_a_row < _MOST_VENDOR_WAITS:
            pause = min(_UNTIL_VENDOR * 2 ** min(in_a_row, 4), UNTIL_REFILL)
            return _waits(report, AlertKind.VENDOR, pause=pause, now=now, offers_here=offers_here)
        case AnalysisUnavailable():
            view = UnavailableView(number=report.number, offers_here=offers_here)
            return Verdict(fate=ReportFate.FAILED, reason=UNAVAILABLE, says=view.template, view=view, is_vendors=True)
        case AccountBlocked(code=code):
            waits = _waits(report, AlertKind.ACCOUNT, pause=UNTIL_REFILL, now=now, offers_here=offers_here)
            return replace(waits, operator_hears=code)
        case _:
            return None


def _waits(report: ReportRecord, kind: AlertKind, *, pause: timedelta, now: datetime, offers_here: bool) -> Verdict:
    view = WaitingView(number=report.number, again_at=now + pause, offers_here=offers_here)
    return Verdict(fate=ReportFate.WAITING, reason=kind, says=view.template, view=view, pause=pause, is_vendors=True)


def _on_telegram(error: Exception) -> Verdict | None:
    """What can't be handed over is kept: /report shows it later."""
    match error:
        case FileGone():
            return _failed("photo_gone")
        case DeliveryError(permanent=False, silent_for=silence):
            return Verdict(fate=ReportFate.WAITING, reason="undelivered", pause=silence or _UNTIL_TELEGRAM)
        case DeliveryError() | MessageLost():
            return Verdict(fate=ReportFate.UNREACHABLE, reason=UNREACHABLE)
        case _:
            return None


def _unforeseen(report: ReportRecord) -> Verdict:
    """Tried again, ever later, and in the end given up in words."""
    if report.attempts + 1 < _MAX_ATTEMPTS:
        pause = _FIRST_PAUSE * 2**report.attempts
        return Verdict(fate=ReportFate.WAITING, reason="unforeseen", pause=pause, is_ours=True)
    name, view = "something_wrong", NumberView(number=report.number)
    return Verdict(fate=ReportFate.FAILED, reason=name, says=name, view=view, is_ours=True)


def _rejected(name: str, view: object, reason: str) -> Verdict:
    return Verdict(fate=ReportFate.REJECTED, reason=reason, says=name, view=view)


def _asked(report: ReportRecord, name: str, view: object, reason: str) -> Verdict:
    """The person may want it read all the same; who wanted so already is not asked twice."""
    fate = ReportFate.HELD if report.check_quality else ReportFate.REJECTED
    return Verdict(fate=fate, reason=reason, says=name, view=view)


def _failed(name: str, view: object | None = None) -> Verdict:
    return Verdict(fate=ReportFate.FAILED, reason=name, says=name, view=view)
