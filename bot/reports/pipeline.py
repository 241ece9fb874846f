"""From a requested report to a delivered one. It can be run again from any state and goes on from there."""

import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.clock import Clock
from bot.observability.logs import about, note
from bot.reports.delivery import Delivery
from bot.reports.measuring import AgeUnsure, Measuring
from bot.reports.settling import ReportEnding
from bot.reports.status import StatusMessage
from bot.reports.verdicts import PhotoLate
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.people.people import PersonRows
from bot.storage.records import (
    AGE_UNSURE,
    PersonGone,
    PersonRecord,
    ReportRecord,
    ReportState,
)
from bot.storage.reports.reports import ReportRows
from bot.telegram.errors import NotDelivered

_log = logging.getLogger(__name__)

_TO_WORK: Final = (ReportState.COLLECTING, ReportState.REQUESTED, ReportState.ANALYZED)


class ReportPipeline:
    """`afterwards` is done when a report is delivered."""

    def __init__(
        self,
        *,
        rows: ReportRows,
        people: PersonRows,
        measuring: Measuring,
        delivery: Delivery,
        status: StatusMessage,
        ending: ReportEnding,
        afterwards: Callable[[PersonRecord, ReportRecord], Awaitable[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._people = people
        self._measuring = measuring
        self._delivery = delivery
        self._status = status
        self._ending = ending
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
            await self._go_through(person, report)
        except NotDelivered as error:
            await self._ending.settle(person, report, error)
        except PersonGone:
            _log.info("report row %d: erased meanwhile, or the permission was taken back", report.id)

    async def _go_through(self, person: PersonRecord, report: ReportRecord) -> None:
        try:
            photo = None
            if report.state is ReportState.COLLECTING:
                report = await self._closed(report)
            if report.state is not ReportState.ANALYZED:
                report, photo = await self._measuring.measure(person, report)
                await self._ending.measured(report)
            _may_be_told(person, report)
            await self._delivery.deliver(person, report, photo)
            self._ending.delivered()
            await self._afterwards(person, report)
        except (NotDelivered, DatabaseUnavailable):
            raise  # passing: it goes on from the row
        except Exception as error:  # noqa: BLE001 - the worker's last line: every error ends in words for the person
            if await self._rows.standing(report.id) is None:
                raise PersonGone from None
            await self._ending.settle(person, report, error)

    async def _closed(self, report: ReportRecord) -> ReportRecord:
        """No further photo joins its album. Raises PhotoLate."""
        closed, earlier = await self._rows.close_album(report.id, now=self._now())
        if earlier is not None:
            raise PhotoLate(earlier)
        return closed or report


def _may_be_told(person: PersonRecord, report: ReportRecord) -> None:
    """Raises AgeUnsure."""
    if report.reason == AGE_UNSURE and not person.is_adult:
        raise AgeUnsure
