"""What becomes of a report that met an error: what is said, how it goes on, what the operator hears. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.analysis import AccountBlocked, AnalysisUnavailable, PhotoRefused
from bot.imaging.intake.rejection import PhotoRejected
from bot.people.unreachable import UNREACHABLE
from bot.reports.allowance import TooManyPhotos
from bot.reports.measuring import AgeUnsure, PhotoDoubtful
from bot.reports.paying import NoLongerWanted
from bot.reports.photos import AlreadyMeasured
from bot.skin.photo import RejectReason
from bot.storage.ledger import BudgetSpent
from bot.storage.records import AGE_UNSURE, ReportFate, ReportRecord
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
)

UNTIL_REFILL: Final = timedelta(minutes=10)
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
    its whole trace is logged.
    """

    fate: ReportFate
    reason: str
    says: str | None = None
    view: object | None = None
    pause: timedelta | None = None
    operator_hears: str | None = None
    is_counted: bool = True
    is_ours: bool = False


def verdict_on(error: Exception, report: ReportRecord) -> Verdict:
    return (
        _on_photo(error, report)
        or _on_wish(error, report)
        or _on_vendor(error, report)
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
    """It is not wanted, or not yet, or too much is."""
    match error:
        case NoLongerWanted():
            said = CountView(count=1)
            return Verdict(fate=ReportFate.FAILED, reason=CANCELLED, says="cancelled", view=said, is_counted=False)
        case AgeUnsure():
            return Verdict(fate=ReportFate.HELD, reason=AGE_UNSURE, says="age_question", is_counted=False)
        case PhotoLate(number=earlier):
            return _failed("photo_late", LatePhotoView(number=report.number, report_number=earlier))
        case BudgetSpent(per_person=per_person):
            return _failed("daily_limit", DailyLimitView(per_person=per_person))
        case TooManyPhotos(reason=reason):
            return _failed("photos_limit", PhotosLimitView(reason=reason))
        case _:
            return None


def _on_vendor(error: Exception, report: ReportRecord) -> Verdict | None:
    match error:
        case AnalysisUnavailable():
            return _failed("analysis_unavailable", NumberView(number=report.number))
        case AccountBlocked(code=code):
            return Verdict(
                fate=ReportFate.WAITING,
                reason=AlertKind.ACCOUNT,
                says="photo_waiting",
                pause=UNTIL_REFILL,
                operator_hears=code,
            )
        case _:
            return None


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
