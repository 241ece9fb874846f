"""What becomes of a report that was worked: said to its person, kept with it, counted."""

import logging
from collections.abc import Callable

from bot.clock import Clock
from bot.observability.metrics import Metrics, Outcome
from bot.operations.alerts import Alerts
from bot.reports.status import StatusMessage
from bot.reports.verdicts import verdict_on
from bot.skin.analysis import Provider
from bot.storage.records import PersonRecord, ReportFate, ReportRecord, Settlement, without_places
from bot.storage.reports.chosen_readers import ChosenReaderRows
from bot.storage.reports.reports import ReportRows
from bot.views.operator import AlertKind

_log = logging.getLogger(__name__)


class ReportEnding:
    """`may_read_here`: whether what the vendor can't read may be offered to be read on this machine, to that person."""

    def __init__(
        self,
        *,
        rows: ReportRows,
        readers: ChosenReaderRows,
        status: StatusMessage,
        alerts: Alerts,
        metrics: Metrics,
        may_read_here: Callable[[PersonRecord], bool],
        wake: Callable[[], None],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._readers = readers
        self._status = status
        self._alerts = alerts
        self._metrics = metrics
        self._may_read_here = may_read_here
        self._wake = wake
        self._now = now

    async def settle(self, person: PersonRecord, report: ReportRecord, error: Exception) -> None:
        """Say it first, then set what becomes of the report: a kill in between says it again, in the same message."""
        now = self._now()
        offers_here = self._may_read_here(person) and not report.remarks.read_here
        verdict = verdict_on(error, report, now=now, offers_here=offers_here)
        if verdict.is_ours:
            _log.error("report row %d, attempt %d", report.id, report.attempts + 1, exc_info=error)
        elif verdict.fate is ReportFate.UNREACHABLE:
            _log.warning("report row %d can't be delivered: %s", report.id, error)
        if verdict.operator_hears is not None:
            await self._alerts.raise_once(AlertKind.ACCOUNT, verdict.operator_hears)
        shown = report.status_message_id
        if verdict.says is not None:
            shown = await self._status.end(person, report, verdict.says, verdict.view)
        drops_photos = verdict.fate is ReportFate.REJECTED and not person.keeps_pictures
        settlement = Settlement(
            fate=verdict.fate,
            reason=verdict.reason,
            until=None if verdict.pause is None else now + verdict.pause,
            status_message_id=shown if shown != report.status_message_id else None,  # else it is said twice
            photos=without_places(report.photos) if drops_photos else None,
        )
        await self._rows.settle(report.id, settlement, now=self._now())
        may_be_tapped = verdict.is_vendors and not report.remarks.read_here
        if may_be_tapped and await self._readers.go_on_here(report.id, now=self._now()):
            self._wake()
        if verdict.is_counted:
            self._ended(Outcome(verdict.fate.value))

    async def measured(self, report: ReportRecord) -> None:
        """Where the vendor did it, its account is good."""
        if report.provider is Provider.AILAB:
            await self._alerts.clear(AlertKind.ACCOUNT)

    def delivered(self) -> None:
        self._ended(Outcome.DELIVERED)

    def _ended(self, outcome: Outcome) -> None:
        """For the figures, and for an operator who wants to see that the bot lives. Whose it was is not said."""
        self._metrics.report(outcome)
        _log.info("a selfie was worked: %s", outcome)
