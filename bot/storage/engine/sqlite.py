"""An SQLite file behind threads: one writes, a few read, and what waits to be written is committed together."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.engine.priority import can_wait

_T = TypeVar("_T")
Work = Callable[[Connection], _T]

_BUSY_MS: Final = 30_000
_READERS: Final = 2
_TOGETHER: Final = 64  # pieces of work in one commit; more would keep another process waiting
_TOGETHER_SECONDS: Final = 0.01  # of what can wait no more than that: somebody may ask for an answer meanwhile
_CHECKPOINT_WAIT_MS: Final = 300  # for readers to end; the writers wait as long

# FULL: an update that Telegram was told of, a consent and a paid answer survive a power cut too, not only a kill;
# a commit takes 0.3 ms instead of 0.04 on an SSD. Deleted text is overwritten (secure_delete).
_PRAGMAS: Final = (
    f"busy_timeout = {_BUSY_MS}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "secure_delete = ON",
    "temp_store = MEMORY",
)


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """A piece of work that waits for the writer, and who waits for its outcome."""

    work: Work[object]
    done: "asyncio.Future[Any]"


class SqliteFile:
    """Every piece of work has its own outcome: one that fails leaves nothing, and takes nothing from the others.

    Work runs in a thread, and may run twice: when something else in its commit failed, it is undone and done anew.
    What can wait (`priority`) is written after what somebody waits for.
    """

    def __init__(self, url: URL) -> None:
        self._writer = _engine(url, connections=1, pragmas=_PRAGMAS)
        self._reader = _engine(url, connections=_READERS, pragmas=(*_PRAGMAS, "query_only = ON"))
        self._finder = _engine(url, connections=1, pragmas=(*_PRAGMAS, "query_only = ON", "busy_timeout = 0"))
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix="sqlite-writer")
        self._read_threads = ThreadPoolExecutor(_READERS, thread_name_prefix="sqlite-reader")
        self._asked: deque[_Wish] = deque()
        self._can_wait: deque[_Wish] = deque()
        self._finding: Connection | None = None
        self._committing: asyncio.Task[None] | None = None

    async def read(self, work: Work[_T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self._look_up, work)

    async def find(self, work: Work[_T]) -> _T:
        """As `read`, here and now: to reach a thread takes longer than to find a row by its key.

        Its connection is kept: to take one and give it back costs more than to find. The driver begins nothing, so
        that each statement sees what is committed.
        """
        try:
            if self._finding is None:
                self._finding = self._finder.connect()
            return work(self._finding)
        except OperationalError:  # somebody locks the whole file: that is not waited for on the event loop
            self._let_go()
            return await self.read(work)
        except Exception:
            self._let_go()  # a statement that was not read to its end would keep its view of the database
            raise

    def _let_go(self) -> None:
        if self._finding is not None:
            self._finding.invalidate()  # closed, and not given back with what it has not read
            self._finding.close()
            self._finding = None

    async def write(self, work: Work[_T]) -> _T:
        """Committed when this returns. A caller that is cancelled meanwhile does not undo it."""
        done: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        (self._can_wait if can_wait() else self._asked).append(_Wish(work=work, done=done))
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        return await done

    async def empty_log(self) -> bool:
        """Move the write-ahead log into the file and cut it off; False while another process reads."""
        return await asyncio.get_running_loop().run_in_executor(self._write_thread, self._checkpoint)

    async def close(self) -> None:
        """What was asked for is still written."""
        if self._committing is not None:
            await self._committing
        await asyncio.to_thread(self._dispose)

    async def _commit_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._asked or self._can_wait:
                together = _popped(self._asked)
                at_least = len(together) + 1  # so that what can wait does not wait for ever
                together += _popped(self._can_wait)
                works = [asked.work for asked in together]
                outcomes = await loop.run_in_executor(self._write_thread, self._commit, works, at_least)
                self._can_wait.extendleft(reversed(together[len(outcomes) :]))
                for asked, outcome in zip(together, outcomes, strict=False):
                    _tell(asked.done, outcome)
        finally:
            self._committing = None

    def _commit(self, works: Sequence[Work[object]], at_least: int) -> "list[_Outcome]":
        """One transaction for so many, and for more while there is time; the outcomes of those that it got to.

        When a work fails in itself, each gets its own transaction. Raises nothing.
        """
        outcomes: list[_Outcome] = []
        try:
            with self._writer.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # never upgraded, so never refused half-way
                began = time.monotonic()
                for work in works:
                    if len(outcomes) >= at_least and time.monotonic() - began > _TOGETHER_SECONDS:
                        break
                    outcomes.append(_Outcome(value=work(connection)))
                connection.commit()
                return outcomes
        except OperationalError as error:
            return [_Outcome(error=error)] * len(works)  # the file is locked, full or gone: for all alike
        except Exception as error:  # noqa: BLE001 - it is handed to whoever asked for the work
            if len(works) == 1:
                return [_Outcome(error=error)]
            return [outcome for work in works for outcome in self._commit([work], 1)]

    def _look_up(self, work: Work[_T]) -> _T:
        with self._reader.connect() as connection:
            return work(connection)

    def _checkpoint(self) -> bool:
        with self._writer.connect() as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_CHECKPOINT_WAIT_MS}")
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")
        return not busy

    def _dispose(self) -> None:
        for threads in (self._read_threads, self._write_thread):
            threads.shutdown()
        self._let_go()
        self._finder.dispose()
        self._reader.dispose()
        self._writer.dispose()


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    value: object = None
    error: Exception | None = None


def _popped(asked: deque[_Wish]) -> list[_Wish]:
    return [asked.popleft() for _ in range(min(len(asked), _TOGETHER))]


def _tell(done: "asyncio.Future[Any]", outcome: _Outcome) -> None:
    if done.cancelled():
        return
    if outcome.error is None:
        done.set_result(outcome.value)
    else:
        done.set_exception(outcome.error)


def _engine(url: URL, *, connections: int, pragmas: Sequence[str]) -> Engine:
    """Errors don't carry the statements' values: they may be a person's."""
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        connect_args={"isolation_level": None, "check_same_thread": False},  # the driver begins nothing by itself
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", prepare)
    return engine
