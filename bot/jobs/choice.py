"""Which jobs this set-up has: of one process on SQLite, of many on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from bot.clock import Clock
from bot.jobs import Jobs
from bot.jobs.embedded import EmbeddedJobs
from bot.storage.engine.location import location_of
from bot.storage.processes.locks import Locks
from bot.storage.reports.due import DueReportRows

Work = Callable[[int], Awaitable[None]]


class JobsOpener(Protocol):
    def __call__(
        self,
        *,
        agenda: DueReportRows,
        produce: Work,
        work_update: Work,
        locks: Locks,
        finish_within_s: float,
        now: Clock,
    ) -> Jobs:
        """`produce` works a report by its row's number, `work_update` an update by its own.

        `finish_within_s`: how long what is under way may go on when the jobs are told to stop.
        """
        ...


@asynccontextmanager
async def open_jobs(database_url: str) -> AsyncIterator[JobsOpener]:
    """Raises DatabaseUrlInvalid, DatabaseUnavailable."""
    if location_of(database_url).file is not None:
        yield _embedded
        return
    from bot.jobs.shared import SharedJobs, open_connector  # noqa: PLC0415 - an extra that only PostgreSQL needs

    async with open_connector(database_url) as connector:

        def shared(
            *, agenda: DueReportRows, produce: Work, work_update: Work, locks: Locks, finish_within_s: float, now: Clock
        ) -> Jobs:
            return SharedJobs(
                connector=connector,
                agenda=agenda,
                produce=produce,
                work_update=work_update,
                locks=locks,
                finish_within_s=finish_within_s,
                now=now,
            )

        yield shared


def _embedded(
    *,
    agenda: DueReportRows,
    produce: Work,
    work_update: Work,  # noqa: ARG001 - updates have lanes of their own there
    locks: Locks,  # noqa: ARG001 - there is one process
    finish_within_s: float,
    now: Clock,
) -> Jobs:
    return EmbeddedJobs(agenda=agenda, produce=produce, finish_within_s=finish_within_s, now=now)
