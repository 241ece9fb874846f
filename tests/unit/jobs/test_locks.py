"""Who may: one process with an SQLite file, one poller, so many calls over all processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg
import pytest

from bot.storage.processes.locks import Locks, open_locks


@pytest.fixture
async def both(postgres_url: str) -> AsyncIterator[tuple[Locks, Locks]]:
    """Two processes' worth of locks."""
    async with open_locks(postgres_url) as one, open_locks(postgres_url) as other:
        yield one, other


async def test_a_second_process_on_the_same_file_stands_by(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It says why it waits, and goes on as soon as the first one has ended."""
    url = f"sqlite:///{tmp_path}/x.db"
    second_in = asyncio.Event()

    async def second() -> None:
        async with open_locks(url) as locks, locks.alone():
            second_in.set()

    async with asyncio.TaskGroup() as together, open_locks(url) as locks, locks.alone():
        together.create_task(second())
        while "standing by" not in caplog.text:  # noqa: ASYNC110 - a log line rings no bell
            await asyncio.sleep(0.01)
        assert not second_in.is_set()
    assert second_in.is_set()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_places_hold_over_all_processes(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """Twelve calls at two processes, three places: never more than three at once, and all get their turn."""
    url = f"sqlite:///{tmp_path}/x.db" if kind == "sqlite" else str(request.getfixturevalue("postgres_url"))
    inside, most, done = 0, 0, 0

    async def call(locks: Locks) -> None:
        nonlocal inside, most, done
        async with locks.place("ailab", 3):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.02)
            inside -= 1
            done += 1

    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(open_locks(url))
        other = one if kind == "sqlite" else await stack.enter_async_context(open_locks(url))
        await asyncio.gather(*(call(locks) for locks in (one, other) for _ in range(6)))
    assert (most, done) == (3, 12)


async def test_a_process_without_pause_does_not_keep_the_only_place(both: tuple[Locks, Locks]) -> None:
    """One process has work without end; the other one's single call still gets a turn."""
    busy, modest = both
    turns: list[str] = []
    begun = asyncio.Event()

    async def call(locks: Locks, name: str) -> None:
        async with locks.place("ailab", 1):
            begun.set()
            turns.append(name)
            await asyncio.sleep(0.01)

    backlog = [asyncio.create_task(call(busy, "busy")) for _ in range(40)]
    await begun.wait()
    await call(modest, "modest")
    assert turns.count("busy") < 40
    for task in backlog:
        task.cancel()
    await asyncio.gather(*backlog, return_exceptions=True)


async def test_a_cancelled_call_gives_its_place_back(both: tuple[Locks, Locks]) -> None:
    """Whoever gives up, waiting or inside, leaves a free place."""
    one, other = both
    inside = asyncio.Event()

    async def call() -> None:
        async with one.place("ailab", 1):
            inside.set()
            await asyncio.sleep(60)

    tasks = [asyncio.create_task(call()) for _ in range(3)]
    await inside.wait()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    async with asyncio.timeout(20), other.place("ailab", 1):
        pass


async def test_one_leads_and_the_other_takes_over(both: tuple[Locks, Locks], postgres_url: str) -> None:
    """The work moves when the leader's connection is gone; the old leader's work has been cancelled then."""
    at_work: list[str] = []
    began = {name: asyncio.Event() for name in ("first", "second")}

    async def work(name: str) -> None:
        at_work.append(name)
        began[name].set()
        try:
            await asyncio.sleep(60)
        finally:
            at_work.remove(name)

    first = asyncio.create_task(both[0].lead("updates", lambda: work("first")))
    await began["first"].wait()
    second = asyncio.create_task(both[1].lead("updates", lambda: work("second")))
    assert at_work == ["first"]
    await _cut_connections(postgres_url)
    async with asyncio.timeout(30):
        while at_work != ["second"]:
            began["first"].clear()
            if at_work == ["first"] and not first.done():
                first.cancel()  # it was quicker to come back: let the other one have it
            await asyncio.sleep(0.05)
    for task in (first, second):
        task.cancel()
    await asyncio.gather(first, second, return_exceptions=True)


async def test_a_leaders_error_comes_out(both: tuple[Locks, Locks]) -> None:
    """What ends the work ends the process, not only the work."""

    async def refused() -> None:
        raise LookupError("the token")

    with pytest.raises(LookupError):
        await both[0].lead("updates", refused)


async def _cut_connections(url: str) -> None:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as admin:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
