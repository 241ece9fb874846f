"""Jobs over PostgreSQL: made by the database itself, worked by any process, taken over from the dead."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from bot.jobs.shared import SharedJobs, open_connector
from bot.storage.engine.database import Database
from bot.storage.engine.keys import Keyring
from bot.storage.processes.locks import open_locks
from bot.storage.records import PersonRecord, ReportFate, Settlement
from bot.storage.store import Store
from tests.unit.storage.making import requested


@pytest.fixture
def url(postgres_url: str) -> str:
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute("TRUNCATE jobs.procrastinate_jobs, jobs.procrastinate_workers CASCADE")
    return postgres_url


@pytest.fixture
async def database(url: str, keyring: Keyring) -> AsyncIterator[Database]:
    async with Database.open(url, keyring) as opened:
        yield opened


@pytest.fixture
def store(database: Database) -> Store:
    return Store.on(database)


class Bench:
    """Notes what is worked, in order; a report is over when it was worked."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.worked: list[tuple[str, int]] = []
        self.side_by_side = 0
        self.most_side_by_side = 0
        self.troubles = 0
        self._changed = asyncio.Event()

    async def produce(self, report_id: int) -> None:
        self.side_by_side += 1
        self.most_side_by_side = max(self.most_side_by_side, self.side_by_side)
        try:
            await asyncio.sleep(0.02)
            if self.troubles:
                self.troubles -= 1
                raise LookupError("a bug")
            await self._store.reports.settle(
                report_id, Settlement(fate=ReportFate.FAILED, reason="worked"), now=datetime.now(UTC)
            )
        finally:
            self.side_by_side -= 1
        self._note("report", report_id)

    async def work_update(self, update_id: int) -> None:
        if await self._store.inbox.unfinished_text(update_id) is not None:
            await self._store.inbox.finish(update_id, now=datetime.now(UTC))
            self._note("update", update_id)

    def _note(self, kind: str, number: int) -> None:
        self.worked.append((kind, number))
        self._changed.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(40):
            while len(self.worked) < count:
                self._changed.clear()
                await self._changed.wait()


@asynccontextmanager
async def working(url: str, store: Store, bench: Bench) -> AsyncIterator[SharedJobs]:
    """One process's worth of workers."""
    async with open_locks(url) as locks, open_connector(url) as connector:
        jobs = SharedJobs(
            connector=connector,
            due=store.due_reports,
            produce=bench.produce,
            work_update=bench.work_update,
            locks=locks,
            finish_within_s=0.0,
            now=lambda: datetime.now(UTC),
        )
        task = asyncio.create_task(jobs.run())
        try:
            yield jobs
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def begun(store: Store, person: PersonRecord, message_id: int, wait: timedelta = timedelta(0)) -> int:
    now = datetime.now(UTC)
    later = now + timedelta(seconds=20)
    report = await requested(store, person, message_id=message_id, now=now, not_before=later)
    await store.reports.begin(report.id, status_message_id=message_id, not_before=now + wait, now=now)
    return report.id


async def test_each_is_worked_once_by_two_processes(
    url: str, store: Store, ana: PersonRecord, ben: PersonRecord
) -> None:
    """Reports and updates alike; a person's own one after the other, in their order, though two processes work."""
    bench = Bench(store)
    async with working(url, store, bench), working(url, store, bench) as jobs:
        reports = [await begun(store, person, number) for number in range(6) for person in (ana, ben)]
        await store.inbox.take([(number, 7, "{}") for number in range(20)], now=datetime.now(UTC))
        await bench.until(32)
        await jobs.drain()
    assert sorted(bench.worked) == [("report", one) for one in reports] + [("update", one) for one in range(20)]
    assert [one for kind, one in bench.worked if kind == "update"] == list(range(20))
    for start in (0, 1):
        mine = [one for kind, one in bench.worked if kind == "report" and one in reports[start::2]]
        assert mine == reports[start::2]
    assert bench.most_side_by_side <= 2  # as many as there are people


async def test_a_job_is_made_by_the_commit_that_makes_it_due(url: str, store: Store, ana: PersonRecord) -> None:
    """No worker runs, nobody defers anything: the job is there, and holds numbers only."""
    report_id = await begun(store, ana, 1)
    await store.inbox.take([(5, ana.telegram_id, '"secret"')], now=datetime.now(UTC))
    async with await psycopg.AsyncConnection.connect(url) as connection:
        rows = await (
            await connection.execute("SELECT task_name, args FROM jobs.procrastinate_jobs ORDER BY id")
        ).fetchall()
        everything = await (
            await connection.execute("SELECT procrastinate_jobs::text FROM jobs.procrastinate_jobs")
        ).fetchall()
    assert rows == [("report", {"report_id": report_id}), ("update", {"update_id": 5})]
    assert str(ana.telegram_id) not in str(everything)


async def test_one_that_falls_due_later_is_found_then(url: str, store: Store, ana: PersonRecord) -> None:
    """Put off, it holds up nothing of the same person, and is worked when its time comes."""
    bench = Bench(store)
    async with working(url, store, bench):
        waits = await begun(store, ana, 1, wait=timedelta(seconds=2.5))
        at_once = await begun(store, ana, 2)
        await bench.until(2)
    assert bench.worked == [("report", at_once), ("report", waits)]


async def test_a_job_that_fails_is_tried_again(url: str, store: Store, ana: PersonRecord) -> None:
    """An unforeseen error costs time, not the report."""
    bench = Bench(store)
    bench.troubles = 2
    async with working(url, store, bench):
        report_id = await begun(store, ana, 1)
        await bench.until(1)
    assert bench.worked == [("report", report_id)]


async def test_jobs_of_a_dead_process_are_taken_over(url: str, store: Store, ana: PersonRecord) -> None:
    """A worker whose heart stopped a minute ago loses what it had, within a sweep of the living one."""
    report_id = await begun(store, ana, 1)
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as dead:
        await dead.execute("SET search_path = jobs")
        await dead.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute')")
        await dead.execute("SELECT procrastinate_fetch_job_v2(NULL, max(id)) FROM procrastinate_workers")
    bench = Bench(store)
    async with working(url, store, bench):
        await bench.until(1)
    assert bench.worked == [("report", report_id)]


async def test_the_planner_hears_of_a_queue_that_has_grown(url: str) -> None:
    """By the figures of an empty queue PostgreSQL would sort all of 1,000 jobs to find the next; few are no news."""
    jobs_believed = "SELECT reltuples FROM pg_class WHERE oid = 'jobs.procrastinate_jobs'::regclass"
    some = "INSERT INTO procrastinate_jobs (queue_name, task_name) SELECT 'q', 'report' FROM generate_series(1, %s)"
    async with (
        open_connector(url) as connector,
        await psycopg.AsyncConnection.connect(url, autocommit=True) as outside,
    ):
        await outside.execute("SET search_path = jobs")
        await outside.execute("VACUUM ANALYZE procrastinate_jobs")
        believed = []
        for more in (100, 900):
            await outside.execute(some, [more])
            await connector.keep_statistics()
            believed.append(await (await outside.execute(jobs_believed)).fetchone())
    assert believed == [(0.0,), (1000.0,)]


async def test_workers_outlive_a_lost_database(url: str, store: Store, ana: PersonRecord) -> None:
    """All connections are cut: the same workers go on, without a restart."""
    bench = Bench(store)
    async with working(url, store, bench):
        first = await begun(store, ana, 1)
        await bench.until(1)
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as admin:
            await admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        second = await begun(store, ana, 2)
        await bench.until(2)
    assert bench.worked == [("report", first), ("report", second)]
