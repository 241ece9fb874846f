"""One analysis, which may cost: asked for behind the last door, and in the ledger before it is made."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from bot.analysis import AccountBlocked, AnalysisUnavailable, Analyzer, Answer, PhotoRefused
from bot.clock import Clock
from bot.observability.metrics import Metrics, PipelineStep
from bot.people.consent import People
from bot.reports.allowance import Allowance
from bot.skin.analysis import Provider
from bot.skin.instrument import Instrument
from bot.storage.ledger import Budget, CallOutcome, LedgerRows
from bot.storage.records import PersonGone, PersonRecord, ReportRecord, ReportState
from bot.storage.reports.chosen_readers import ChosenReaderRows

PlaceToCall = Callable[[], AbstractAsyncContextManager[None]]
"""One of the places among those who call the vendor at once, over all processes."""


class NoLongerWanted(Exception):
    """Cancelled, or consent taken back, while the photo was being looked at: nothing is measured."""


class OtherReader(Exception):
    """While the photo waited, its sender chose where it may be read: begun anew there."""


@dataclass(frozen=True, kw_only=True)
class Permission:
    """What a report's sender allows now.

    `readers`: all that there are; one who wished a photo read here gets it so where this machine can.
    """

    rows: ChosenReaderRows
    readers: Collection[Provider]
    people: People

    async def reader_of(self, report: ReportRecord) -> Provider:
        """By whom its sender lets it be read. Raises PersonGone, NoLongerWanted."""
        known = await self.rows.of(report.id)
        if known is None:
            raise PersonGone
        standing, read_here = known
        reader = None if standing.state is ReportState.FAILED else self.people.reader_for(standing.permitted)
        if reader is None:
            raise NoLongerWanted
        return Provider.LOCAL if read_here and Provider.LOCAL in self.readers else reader

    async def still(self, report: ReportRecord, reader: Provider) -> None:
        """Neither cancelled, nor without the consent to that reader. Raises OtherReader, as `reader_of`."""
        if await self.reader_of(report) is not reader:
            raise OtherReader


class PaidAnalysis:
    """`stopping`: this process is told to end, and begins no call any more."""

    def __init__(
        self,
        *,
        ledger: LedgerRows,
        budget: Budget,
        allowance: Allowance,
        analyzers: Mapping[Provider, Analyzer],
        permission: Permission,
        place_to_call: PlaceToCall,
        stopping: Callable[[], bool],
        metrics: Metrics,
        now: Clock,
    ) -> None:
        self._ledger = ledger
        self._budget = budget
        self._allowance = allowance
        self._analyzers = analyzers
        self.permission = permission
        self._place_to_call = place_to_call
        self._stopping = stopping
        self._metrics = metrics
        self._now = now

    def instrument(self, reader: Provider) -> Instrument:
        return Instrument(provider=reader, version=self._analyzers[reader].version)

    async def ask(
        self, person: PersonRecord, report: ReportRecord, jpeg: bytes, reader: Provider
    ) -> tuple[Answer, int | None]:
        """One answer, and the ledger's row of the call that gave it: it ends with the answer's commit.

        Whoever took their consent back meanwhile gets nothing of it, and nothing is kept. Raises NoLongerWanted,
        OtherReader, PersonGone, BudgetSpent, InvitationSpent, and what an `Analyzer` raises.
        """
        await self._allowance.take(person, report)
        try:
            answer, call = await self._call(report, jpeg, reader)
        except Exception:
            await self._allowance.give_back(report)
            raise
        await self._allowance.measured(report, reader)
        if await self.permission.people.reader_now(person.id) is None:
            if call is not None:
                await self._ledger.end(call, CallOutcome.ANSWERED, now=self._now())
            raise NoLongerWanted
        return answer, call

    async def _call(self, report: ReportRecord, jpeg: bytes, reader: Provider) -> tuple[Answer, int | None]:
        """Each call that may be charged stands in the ledger before it is made."""
        call: int | None = None

        async def on_attempt(before_was_free: bool) -> None:  # noqa: FBT001 - an Analyzer says it so
            nonlocal call
            if call is not None:
                await self._end_call(call, CallOutcome.REFUSED if before_was_free else CallOutcome.UNCERTAIN)
                call = None
                await self.permission.still(report, reader)  # the pause before another try may have been long
            call = await self._ledger.begin(report.id, report.person_id, budget=self._budget, now=self._now())

        outcome: CallOutcome = CallOutcome.UNCERTAIN  # a call that was given up may have been charged
        async with self._place_to_call():
            if self._stopping():
                raise asyncio.CancelledError  # handed back unpaid: the row is still due, for the next process
            await self.permission.still(report, reader)  # here, because the place may have been waited for
            try:
                with self._metrics.step(PipelineStep.ANALYSE):
                    answer = await self._analyzers[reader].analyze(
                        jpeg, check_quality=report.check_quality, on_attempt=on_attempt
                    )
                outcome = CallOutcome.ANSWERED
            except (PhotoRefused, AccountBlocked) as error:
                outcome = CallOutcome.REFUSED
                if isinstance(error, PhotoRefused):
                    await self._allowance.refused(report)
                raise
            except AnalysisUnavailable as error:
                outcome = CallOutcome.UNCERTAIN if error.may_be_charged else CallOutcome.REFUSED
                raise
            finally:
                if call is not None and outcome is CallOutcome.ANSWERED:
                    self._metrics.paid_call(outcome)
                elif call is not None:
                    await self._end_call(call, outcome)
        return answer, call

    async def _end_call(self, call: int, outcome: CallOutcome) -> None:
        self._metrics.paid_call(outcome)
        await self._ledger.end(call, outcome, now=self._now())
