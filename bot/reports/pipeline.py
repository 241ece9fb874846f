"""From a requested report to a delivered one. It can be run again from any state and goes on from there."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.analysis import AccountBlocked, AnalysisUnavailable, PhotoRefused
from bot.clock import Clock
from bot.imaging.intake.rejection import PhotoRejected
from bot.observability.logs import about, note
from bot.observability.metrics import Metrics, Outcome
from bot.operations.alerts import ACCOUNT, Alerts
from bot.reports.allowance import TooManyPhotos
from bot.reports.delivery import Delivery
from bot.reports.gentle import Gentle
from bot.reports.measuring import AlreadyMeasured, Measuring, NoLongerWanted, PhotoDoubtful
from bot.reports.status import StatusMessage
from bot.skin.photo import RejectReason
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.ledger import BudgetSpent
from bot.storage.people.people import PersonRows
from bot.storage.records import PersonGone, PersonRecord, ReportRecord, ReportState, without_places
from bot.storage.reports.reports import CANCELLED, ReportRows
from bot.telegram.errors import DeliveryError, FileGone, FileTooBig, MessageLost
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

_log = logging.getLogger(__name__)

_UNTIL_REFILL: Final = timedelta(minutes=10)
_FIRST_PAUSE: Final = timedelta(seconds=5)
_UNTIL_TELEGRAM: Final = timedelta(seconds=30)
_MAX_ATTEMPTS: Final = 5
_TO_WORK: Final = (ReportState.COLLECTING, ReportState.REQUESTED, ReportState.ANALYZED)


class ReportPipeline:
    def __init__(
        self,
        *,
        rows: ReportRows,
        people: PersonRows,
        measuring: Measuring,
        delivery: Delivery,
        status: StatusMessage,
        alerts: Alerts,
        metrics: Metrics,
        gentle: Gentle,
        still_permits: Callable[[int], Awaitable[bool]],
        afterwards: Callable[[PersonRecord], Awaitable[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._people = people
        self._measuring = measuring
        self._delivery = delivery
        self._status = status
        self._alerts = alerts
        self._metrics = metrics
        self._gentle = gentle
        self._still_permits = still_permits
        self._afterwards = afterwards
        self._now = now

    async def produce(self, report_id: int) -> None:
        """Bring one report to its end: delivered, or a kind reason on the screen, or waiting with a date.

        Raises DatabaseUnavailable: it goes on from the row when there is a database again.
        """
        with about(report=report_id):
            await self._produce(report_id)

    async def _produce(self, report_id: int) -> None:
        report = await self._rows.by_id(report_id)
        person = await self._people.by_id(report.person_id) if report else None
        if report is None or person is None:
            return  # erased meanwhile: nobody is told anything
        note(person=person.id)
        if report.status_message_id is None and report.state is not ReportState.ANALYZED:
            await self._status.appear(person, report, then_due=self._now())
            report = await self._rows.by_id(report_id) or report
        if report.state not in _TO_WORK:
            return  # cancelled meanwhile, or nobody is there to see it: nothing is paid
        try:
            if report.state is ReportState.COLLECTING:
                closed, earlier = await self._rows.close_album(report_id, now=self._now())
                if earlier is not None:
                    late = LatePhotoView(number=report.number, report_number=earlier)
                    await self._fail(person, report, "photo_late", late)
                    return
                report = closed or report
            await self._go_through(person, report)
        except (DeliveryError, MessageLost) as error:
            await self._undelivered(report, error)
        except PersonGone:
            _log.info("report row %d: erased meanwhile, or the permission was taken back", report.id)

    async def _go_through(self, person: PersonRecord, report: ReportRecord) -> None:
        try:
            jpeg = None
            if report.state is not ReportState.ANALYZED:
                report, jpeg = await self._measuring.measure(person, report)
                await self._alerts.clear(ACCOUNT)
            await self._delivery.deliver(person, report, jpeg)
            self._ended(Outcome.DELIVERED)
            if await self._still_permits(person.id):
                await self._gentle.after_report(person)
                await self._afterwards(person)
        except (DeliveryError, MessageLost, DatabaseUnavailable):
            raise  # passing: it goes on from the row
        except Exception as error:  # noqa: BLE001 - the worker's last line: every error ends in words for the person
            await self._explain(person, report, error)

    async def _explain(self, person: PersonRecord, report: ReportRecord, error: Exception) -> None:
        """Say it first, then set what becomes of the report: a kill in between says it again, in the same message."""
        number = report.number
        if await self._rows.state_of(report.id) is None:
            raise PersonGone
        match error:
            case PhotoRejected() | FileTooBig():
                unusable = error.reason if isinstance(error, PhotoRejected) else RejectReason.TOO_LARGE_FILE
                await self._reject(person, report, "photo_rejected", RejectionView(reason=unusable), unusable)
            case PhotoDoubtful(issues=issues):
                await self._hold(person, report, "photo_doubtful", DoubtView(number=number, issues=issues), "doubtful")
            case PhotoRefused(reason=refusal):
                refused = RefusalView(number=number, reason=refusal, may_insist=report.check_quality)
                await self._hold(person, report, "photo_refused", refused, refusal)
            case AlreadyMeasured(number=earlier):
                await self._reject(person, report, "same_photo", NumberView(number=earlier), "same_photo")
            case BudgetSpent() | TooManyPhotos():
                await self._fail(person, report, *_enough(error))
            case FileGone():
                await self._fail(person, report, "photo_gone")
            case AnalysisUnavailable():
                await self._fail(person, report, "analysis_unavailable", NumberView(number=number))
            case AccountBlocked(code=code):
                await self._alerts.raise_once(ACCOUNT, code)
                shown = await self._status.end(person, report, "photo_waiting")
                if shown != report.status_message_id:  # the next time that one is changed: it is not said twice
                    due = self._now() + _UNTIL_REFILL
                    await self._rows.begin(report.id, status_message_id=shown, not_before=due, now=self._now())
                await self._wait(report, ACCOUNT, _UNTIL_REFILL)
            case NoLongerWanted():
                await self._status.end(person, report, "cancelled", CountView(count=1))
                await self._rows.fail(report.id, reason=CANCELLED, now=self._now())  # or it would fall due again
            case _:
                await self._unforeseen(person, report, error)

    async def _reject(self, person: PersonRecord, report: ReportRecord, name: str, view: object, reason: str) -> None:
        await self._status.end(person, report, name, view)
        photos = None if person.keeps_pictures else without_places(report.photos)
        await self._rows.reject(report.id, reason=reason, photos=photos, now=self._now())
        self._ended(Outcome.REJECTED)

    async def _hold(self, person: PersonRecord, report: ReportRecord, name: str, view: object, reason: str) -> None:
        if not report.check_quality:
            await self._reject(person, report, name, view, reason)
            return
        await self._status.end(person, report, name, view)
        await self._rows.hold(report.id, reason=reason, now=self._now())
        self._ended(Outcome.HELD)

    async def _fail(self, person: PersonRecord, report: ReportRecord, name: str, view: object | None = None) -> None:
        await self._status.end(person, report, name, view)
        await self._rows.fail(report.id, reason=name, now=self._now())
        self._ended(Outcome.FAILED)

    async def _unforeseen(self, person: PersonRecord, report: ReportRecord, error: Exception) -> None:
        _log.error("report row %d, attempt %d", report.id, report.attempts + 1, exc_info=error)
        if report.attempts + 1 < _MAX_ATTEMPTS:
            await self._wait(report, "unforeseen", _FIRST_PAUSE * 2**report.attempts)
        else:
            await self._fail(person, report, "something_wrong", NumberView(number=report.number))

    async def _undelivered(self, report: ReportRecord, error: DeliveryError | MessageLost) -> None:
        """The answer is kept; one that can't be handed over is shown by /report later."""
        if isinstance(error, DeliveryError) and not error.permanent:
            await self._wait(report, "undelivered", _UNTIL_TELEGRAM)
            return
        _log.warning("report row %d can't be delivered: %s", report.id, error)
        await self._rows.give_up_delivery(report.id, reason="unreachable", now=self._now())
        self._ended(Outcome.UNREACHABLE)

    def _ended(self, outcome: Outcome) -> None:
        """For the figures, and for an operator who wants to see that the bot lives. Whose it was is not said."""
        self._metrics.report(outcome)
        _log.info("a selfie was worked: %s", outcome)

    async def _wait(self, report: ReportRecord, reason: str, pause: timedelta) -> None:
        await self._rows.postpone(report.id, reason=reason, not_before=self._now() + pause, now=self._now())
        self._ended(Outcome.WAITING)


def _enough(error: BudgetSpent | TooManyPhotos) -> tuple[str, object]:
    match error:
        case BudgetSpent(per_person=per_person):
            return "daily_limit", DailyLimitView(per_person=per_person)
        case TooManyPhotos(reason=reason):
            return "photos_limit", PhotosLimitView(reason=reason)
