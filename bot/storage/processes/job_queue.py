"""A connector for Procrastinate that outlives a restart of the database. Its tables are made by migration 0005."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, TypeVar

from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException, UniqueViolation
from psycopg import OperationalError
from psycopg.errors import RaiseException

from bot.storage.engine.location import location_of

_log = logging.getLogger(__name__)

_T = TypeVar("_T")

_FIRST_WAIT_SECONDS: Final = 0.1
_LONGEST_WAIT_SECONDS: Final = 2.0
_POOL_TIMEOUT_SECONDS: Final = 10.0
_CONNECTIONS: Final = 6
_ONE_AT_A_TIME: Final = "procrastinate_jobs_lock_idx_v1"

_SIZE: Final = """
SELECT (SELECT count(*) FROM procrastinate_jobs) AS jobs, reltuples AS believed
FROM pg_class WHERE oid = 'procrastinate_jobs'::regclass
"""
_FEW: Final = 100
_GROWN: Final = 3  # times


class PatientConnector(PsycopgConnector):
    """Waits while the database is away: a worker that hears of an error would stop and let go of what it works on."""

    def __init__(self, database_url: str) -> None:
        conninfo = location_of(database_url).sync_url.set(drivername="postgresql")
        super().__init__(
            conninfo=conninfo.render_as_string(hide_password=False),
            kwargs={"options": "-c search_path=jobs"},
            min_size=1,
            max_size=_CONNECTIONS,
            timeout=_POOL_TIMEOUT_SECONDS,
        )
        self._ending = False
        self._last_trouble = time.monotonic()

    @property
    def well_for_seconds(self) -> float:
        """Since when every question was answered, from the start on."""
        return time.monotonic() - self._last_trouble

    def end(self) -> None:
        """Errors are told from now on: nobody waits for the database any more."""
        self._ending = True

    async def keep_statistics(self) -> None:
        """Let the planner know when the queue has grown a lot: by the figures of a short one it looks for the next of
        10,000 jobs for two seconds, by new ones for 0.2 ms (as measured), and autovacuum comes when it comes.
        """
        size = await self.execute_query_one_async(_SIZE)
        if size["jobs"] > _GROWN * max(size["believed"], _FEW):
            await self.execute_query_async("ANALYZE procrastinate_jobs")

    async def execute_query_async(self, query: str, **arguments: Any) -> None:  # noqa: ANN401 - the library's interface
        try:
            await self._patiently(lambda: super(PatientConnector, self).execute_query_async(query, **arguments))
        except ConnectorException as error:
            if not isinstance(error.__cause__, RaiseException):
                raise
            # "Job was not found or not in status": done by the try before, or another process has it by now.
            _log.info("a job had been dealt with already")

    async def execute_query_one_async(self, query: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
        return await self._patiently(lambda: super(PatientConnector, self).execute_query_one_async(query, **arguments))

    async def execute_query_all_async(self, query: str, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - as above
        return await self._patiently(lambda: super(PatientConnector, self).execute_query_all_async(query, **arguments))

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        listening = super().listen_notify
        await self._patiently(lambda: listening(on_notification, channels))

    async def _patiently(self, ask: Callable[[], Awaitable[_T]]) -> _T:
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                return await ask()
            except ConnectorException as error:
                if self._ending or not _is_passing(error):
                    raise
                _log.warning("the jobs' database did not answer: %s", type(error.__cause__).__name__)
                self._last_trouble = time.monotonic()
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)


def _is_passing(error: ConnectorException) -> bool:
    """Two workers that want a person's two jobs at once: one of them is told that the lock is taken."""
    taken = isinstance(error, UniqueViolation) and error.constraint_name == _ONE_AT_A_TIME
    return taken or isinstance(error.__cause__, OperationalError)
