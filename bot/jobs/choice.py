"""Which jobs this set-up has: of one process on SQLite, of many on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

from bot.clock import Clock, Wakeup
from bot.jobs import Jobs
from bot.jobs.embedded import EmbeddedJobs
from bot.storage.engine.location import location_of
from bot.storage.processes.locks import Locks
from bot.storage.reports.due import DueReportRows

Work = Callable[[int], Awaitable[None]]


class JobsOpener(Protocol):
    def __call__(self, *, produce: Work, work_update: Work) -> Jobs:
        """`produce` works a report by its row's number, `work_update` an update by its own."""
        ...


@asynccontextmanager
async def open_jobs(
    database_url: str, due: DueReportRows, locks: Locks, wakeup: Wakeup, *, finish_within_s: float, now: Clock
) -> AsyncIterator[JobsOpener]:
    """`wakeup` rings when a report's row may have become due. Raises DatabaseUrlInvalid, DatabaseUnavailable.

    `finish_within_s`: how long what is under way may go on when the jobs are told to stop.
    """
    if location_of(database_url).file is not None:

        def embedded(*, produce: Work, work_update: Work) -> Jobs:  # noqa: ARG001 - updates have lanes of their own there
            return EmbeddedJobs(due=due, produce=produce, finish_within_s=finish_within_s, wakeup=wakeup, now=now)

        yield embedded
        return
    from bot.jobs.shared import SharedJobs, open_connector  # noqa: PLC0415 - an extra that only PostgreSQL needs

    async with open_connector(database_url) as connector:
        yield partial(SharedJobs, connector=connector, due=due, locks=locks, finish_within_s=finish_within_s, now=now)
