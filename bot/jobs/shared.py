"""The jobs of many processes that share a PostgreSQL: Procrastinate's workers, and what it leaves to its user."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.worker import Worker

from bot.clock import Clock
from bot.jobs.slots import PATIENCE_SECONDS, Slots, patient_for
from bot.storage.engine.database import DatabaseUnavailable
from bot.storage.processes.job_queue import PatientConnector
from bot.storage.processes.locks import Locks
from bot.storage.reports.due import DueReportRows

_log = logging.getLogger(__name__)

_AT_ONCE: Final = {"reports": 500, "updates": 64}  # nearly all of the reports wait for the analyzer
_UPDATES_AT_WORK: Final = 16  # the others wait for the pace of their chats, or for one of these places
_BEAT_SECONDS: Final = 3.0
_DEAD_AFTER_SECONDS: Final = 15.0  # its jobs are taken over by then, and a sweep later
_SWEEP_SECONDS: Final = 3.0
_POLL_SECONDS: Final = 2.0  # when a notification was missed
_FORGOTTEN_AFTER_SECONDS: Final = 86_400.0  # Procrastinate's own pruning would free a living process's jobs too early
_SOON: Final = timedelta(seconds=2)
_LONGEST_PAUSE_SECONDS: Final = 30


# How a job lives: a trigger of the database makes it in the commit that makes its row due. A worker claims it under a
# lock (the person's, or the chat's), so that their jobs run one by one, in order. A process that dies stops beating;
# the sweep gives its jobs to others, and finds rows that are due and have no job. Jobs only hold a row's number: the
# row says what is left to do, so that doing a job twice does no harm.


class _NotYet(Exception):
    """The report is due in a moment: another photo of its album came."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


class _UntilDone(BaseRetryStrategy):
    """A job goes back to the queue until it succeeds: at once when this process ends, ever later after an error."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        if isinstance(exception, _NotYet):
            return RetryDecision(retry_at=datetime.now(UTC) + exception.wait)
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_at=datetime.now(UTC))
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 10), _LONGEST_PAUSE_SECONDS)})


class SharedJobs:
    """One of a person's reports at a time, one update of a chat at a time, over all hosts."""

    shared = True

    def __init__(
        self,
        *,
        connector: PatientConnector,
        locks: Locks,
        due: DueReportRows,
        produce: Callable[[int], Awaitable[None]],
        work_update: Callable[[int], Awaitable[None]],
        finish_within_s: float,
        now: Clock,
    ) -> None:
        self._connector = connector
        self._locks = locks
        self._due = due
        self._produce = produce
        self._work_update = work_update
        self._finish_within_s = finish_within_s
        self._now = now
        self._app = App(connector=connector)
        self._app.task(name="report", queue="reports", retry=_UntilDone(), pass_context=True)(self._report)
        self._app.task(name="update", queue="updates", retry=_UntilDone(), pass_context=True)(self._update)
        self._workers: dict[str, Worker] = {}
        self._under_way: set[int] = set()
        self._places = Slots(_UPDATES_AT_WORK)

    def wake(self) -> None:
        """Nothing to do: the database notifies the workers."""

    async def stop(self, person_id: int) -> None:
        """Nothing: whichever process works for them finds the row gone, or given up, before it pays or speaks."""

    async def drain(self) -> None:
        while await self._app.job_manager.list_jobs_async():  # noqa: ASYNC110 - other processes end jobs too
            await asyncio.sleep(0.05)

    async def run(self) -> None:
        together = asyncio.ensure_future(self._all())
        try:
            await asyncio.shield(together)
        finally:
            self._connector.end()  # before the workers hand back: without a database they would wait for it
            together.cancel()
            await asyncio.gather(together, return_exceptions=True)

    async def _all(self) -> None:
        async with asyncio.TaskGroup() as together:
            for queue in _AT_ONCE:
                together.create_task(self._keep_working(queue))
            together.create_task(self._locks.lead("sweep", self._sweep))
            together.create_task(self._find_strays())

    async def _keep_working(self, queue: str) -> None:
        while True:
            worker = self._workers[queue] = self._worker(queue)
            try:
                await worker.run()  # type: ignore[no-untyped-call] # the library's
            except Exception:  # noqa: BLE001 - a worker must not end in silence; its jobs are found by the sweep
                _log.exception("the worker of %s ended", queue)
            await asyncio.sleep(1)

    def _worker(self, queue: str) -> Worker:
        return Worker(
            self._app,
            queues=[queue],
            name=queue,
            concurrency=_AT_ONCE[queue],
            fetch_job_polling_interval=_POLL_SECONDS,
            shutdown_graceful_timeout=self._finish_within_s,
            delete_jobs=DeleteJobCondition.ALWAYS,
            install_signal_handlers=False,
            update_heartbeat_interval=_BEAT_SECONDS,
            stalled_worker_timeout=_FORGOTTEN_AFTER_SECONDS,
        )

    async def _report(self, context: JobContext, report_id: int) -> None:
        async with self._noted(context):
            wait = await self._due.due_in(report_id, now=self._now())
            if wait is None or wait > _SOON:
                return  # nobody waits for it (any more), or the sweep finds it when it is due
            if wait:
                raise _NotYet(wait)
            with patient_for(PATIENCE_SECONDS):
                await self._produce(report_id)

    async def _update(self, context: JobContext, update_id: int) -> None:
        async with self._noted(context), self._places.taken():
            await self._work_update(update_id)

    @asynccontextmanager
    async def _noted(self, context: JobContext) -> AsyncIterator[None]:
        job_id = context.job.id or 0
        self._under_way.add(job_id)
        try:
            yield
        except _NotYet:
            raise
        except DatabaseUnavailable as error:
            _log.warning("job %d has to wait for the database: %s", job_id, error)
            raise
        except Exception:
            _log.exception("job %d failed and is tried again", job_id)
            raise
        finally:
            self._under_way.discard(job_id)

    async def _sweep(self) -> None:
        """What one process does for all: jobs of the dead go back to the queue, due rows without a job get one."""
        while True:
            try:
                if self._connector.well_for_seconds > 2 * _BEAT_SECONDS:  # else others had no chance to show life
                    for job in await self._stalled():
                        await self._hand_back(job)
                await self._due.defer_overlooked(now=self._now())
                await self._connector.keep_statistics()
            except DatabaseUnavailable as error:
                _log.warning("the search for lost jobs waits for the database: %s", error)
            await asyncio.sleep(_SWEEP_SECONDS)

    async def _stalled(self) -> list[Job]:
        return list(await self._app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER_SECONDS))

    async def _find_strays(self) -> None:
        """A job that was given to this process in an answer that got lost is nobody's: hand it back."""
        suspects: set[int] = set()
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            strays = {job.id: job for job in await self._given_to_us() if job.id and job.id not in self._under_way}
            for job_id in suspects & strays.keys():
                await self._hand_back(strays[job_id])
            suspects = set(strays)

    async def _given_to_us(self) -> list[Job]:
        ours = [worker.worker_id for worker in self._workers.values() if worker.worker_id]
        asked = [self._app.job_manager.list_jobs_async(status=Status.DOING.value, worker_id=one) for one in ours]
        return [job for jobs in await asyncio.gather(*asked) for job in jobs]

    async def _hand_back(self, job: Job) -> None:
        _log.warning("job %s of a process that is gone is taken over: %s", job.id, job.task_name)
        try:
            await self._app.job_manager.retry_job(job)
        except UniqueViolation:  # a twin waits in the queue, and does the same
            await self._app.job_manager.finish_job(job, Status.FAILED, delete_job=True)


@asynccontextmanager
async def open_connector(database_url: str) -> AsyncIterator[PatientConnector]:
    """The jobs' connections to the database, closed at the end."""
    connector = PatientConnector(database_url)
    await connector.open_async()
    try:
        yield connector
    finally:
        await connector.close_async()
