"""The jobs of one process that has the whole database: the rows say what is due, and a restart goes on from them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.clock import Clock, Wakeup
from bot.jobs.slots import PATIENCE_SECONDS, patient_for
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.engine.priority import behind_others
from bot.storage.records import DueReport
from bot.storage.reports.due import DueReportRows

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 500  # selfies under way, nearly all of them waiting for the analyzer
_AFTER_A_CRASH_SECONDS: Final = 1.0
_LONGEST_SLEEP: Final = timedelta(seconds=30)


class EmbeddedJobs:
    """Works due report rows in this process: one of a person at a time, many persons side by side."""

    shared = False

    def __init__(
        self,
        *,
        due: DueReportRows,
        produce: Callable[[int], Awaitable[None]],
        now: Clock,
        finish_within_s: float = 0.0,
        wakeup: Wakeup | None = None,
    ) -> None:
        """`finish_within_s`: how long what is under way may go on after `run` is cancelled.

        `wakeup`: where others ring when a row may have become due.
        """
        self._due = due
        self._produce = produce
        self._now = now
        self._finish_within_s = finish_within_s
        self._wakeup = wakeup or Wakeup()
        self._under_way: dict[int, asyncio.Task[None]] = {}  # by person

    def wake(self) -> None:
        """Say that a row may have become due."""
        self._wakeup.ring()

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
        """Take due rows until cancelled; then let what is under way finish, or hand it back to the rows."""
        try:
            while True:
                self._wakeup.hush()
                looked_at = self._now()
                try:
                    await self._start_due(looked_at)
                    await self._rest(looked_at)
                except DatabaseUnavailable as error:
                    _log.warning("what is due can't be looked up: %s", error)
                    await asyncio.sleep(_AFTER_A_CRASH_SECONDS)
        finally:
            await self._finish()

    async def _finish(self) -> None:
        """A call that is paid is worth waiting for; what needs longer is taken up by the next process."""
        under_way = list(self._under_way.values())
        try:
            if under_way:
                await asyncio.wait(under_way, timeout=self._finish_within_s)
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def _start_due(self, now: datetime) -> None:
        for due in await self._due.due(now=now):
            if due.person_id not in self._under_way and len(self._under_way) < _AT_ONCE:
                task = asyncio.create_task(self._work(due))
                self._under_way[due.person_id] = task
                task.add_done_callback(partial(self._done, due.person_id))

    async def _work(self, due: DueReport) -> None:
        try:
            with patient_for(PATIENCE_SECONDS), behind_others():
                await self._produce(due.report_id)
        except Exception:  # noqa: BLE001 - the worker's last line: one report's trouble must not end the others
            _log.exception("report row %d: its production failed", due.report_id)
            await asyncio.sleep(_AFTER_A_CRASH_SECONDS)

    def _done(self, person_id: int, _: "asyncio.Task[None]") -> None:
        """Called for a task that was cancelled before its first step, too."""
        del self._under_way[person_id]
        self._wakeup.ring()

    async def _rest(self, looked_at: datetime) -> None:
        """Until a row falls due, or the bell rings: for a new row, and when a person's earlier one is done.

        After the moment that was looked at, not after this one: what fell due in between was not started yet.
        """
        next_due = await self._due.next_due_at(after=looked_at)
        wait = _LONGEST_SLEEP if next_due is None else min(_LONGEST_SLEEP, next_due - self._now())
        await self._wakeup.rest(max(0.0, wait.total_seconds()))
