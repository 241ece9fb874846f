"""Durable work: which report is worked next. The rows are the truth; this is only the hand that takes them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.storage.reports import DueReport, Reports

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 200  # selfies under way, nearly all of them waiting for the analyzer
_AFTER_A_CRASH_SECONDS: Final = 1.0
_LONGEST_SLEEP: Final = timedelta(seconds=30)


class ReportJobs:
    """Works due report rows in this process: one of a person at a time, many persons side by side."""

    def __init__(self, *, rows: Reports, produce: Callable[[int], Awaitable[None]], now: Clock) -> None:
        self._rows = rows
        self._produce = produce
        self._now = now
        self._bell = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}  # by person

    def wake(self) -> None:
        """Say that a row may have become due."""
        self._bell.set()

    async def drain(self) -> None:
        """Wait until what is under way is done."""
        while self._under_way:
            await asyncio.wait(self._under_way.values())

    async def stop(self, person_id: int) -> None:
        """Let what is under way for this person end now, in silence; their row says whether it is taken up again."""
        task = self._under_way.get(person_id)
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def run(self) -> None:
        """Take due rows until cancelled; then let what is under way stop at its next await."""
        try:
            while True:
                self._bell.clear()
                await self._start_due()
                await self._rest()
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _start_due(self) -> None:
        for due in await self._rows.due(now=self._now()):
            if due.person_id not in self._under_way and len(self._under_way) < _AT_ONCE:
                task = asyncio.create_task(self._work(due))
                self._under_way[due.person_id] = task

    async def _work(self, due: DueReport) -> None:
        try:
            await self._produce(due.report_id)
        except Exception:  # noqa: BLE001 - the worker's last line: one report's trouble must not end the others
            _log.exception("report row %d: its production failed", due.report_id)
            await asyncio.sleep(_AFTER_A_CRASH_SECONDS)
        finally:
            del self._under_way[due.person_id]
            self._bell.set()

    async def _rest(self) -> None:
        """Until a row falls due, or the bell rings: for a new row, and when a person's earlier one is done."""
        now = self._now()
        next_due = await self._rows.next_due_at(after=now)
        wait = _LONGEST_SLEEP if next_due is None else min(_LONGEST_SLEEP, next_due - now)
        try:
            await asyncio.wait_for(self._bell.wait(), wait.total_seconds())
        except TimeoutError:
            return
