"""Which jobs this set-up has: of one process on SQLite, of many on PostgreSQL."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from bot.clock import Clock
from bot.jobs import Jobs
from bot.jobs.embedded import EmbeddedJobs
from bot.storage.locks import Locks
from bot.storage.place import place_of
from bot.storage.reports import Reports

Work = Callable[[int], Awaitable[None]]


class JobsOpener(Protocol):
    def __call__(self, *, rows: Reports, produce: Work, work_update: Work, locks: Locks, now: Clock) -> Jobs:
        """`produce` works a report by its row's number, `work_update` an update by its own."""
        ...


@asynccontextmanager
async def open_jobs(database_url: str) -> AsyncIterator[JobsOpener]:
    """Raises DatabaseUrlInvalid, DatabaseUnavailable."""
    if place_of(database_url).file is not None:
        yield _embedded
        return
    from bot.jobs.shared import SharedJobs, open_connector  # noqa: PLC0415 - an extra that only PostgreSQL needs

    async with open_connector(database_url) as connector:

        def shared(*, rows: Reports, produce: Work, work_update: Work, locks: Locks, now: Clock) -> Jobs:
            return SharedJobs(
                connector=connector, rows=rows, produce=produce, work_update=work_update, locks=locks, now=now
            )

        yield shared


def _embedded(*, rows: Reports, produce: Work, work_update: Work, locks: Locks, now: Clock) -> Jobs:  # noqa: ARG001 - updates have lanes of their own there
    return EmbeddedJobs(rows=rows, produce=produce, now=now)
