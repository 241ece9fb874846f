"""PostgreSQL behind threads: as many connections as threads; the event loop is woken once for a piece of work."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Final, TypeVar

from sqlalchemy import URL, Connection, create_engine
from sqlalchemy.exc import DBAPIError, OperationalError

_T = TypeVar("_T")
Work = Callable[[Connection], _T]
_Connect = Callable[[], AbstractContextManager[Connection]]

_CONNECTIONS: Final = 10
_LOCK_WAIT_MS: Final = 300
_KEY_TABLES: Final = ("person_key", "inbox_key", "secret")


class PostgresServer:
    """Any thread reads and writes. `work` may run twice: when its connection is gone before anything was committed."""

    def __init__(self, url: URL) -> None:
        self._engine = create_engine(url, hide_parameters=True, pool_size=_CONNECTIONS, max_overflow=0)
        # Read committed: a statement sees what is there when it begins, in a transaction or not. Not to begin and end
        # one, and not to ask each connection first whether it lives, spares three ways there and back out of four.
        self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        self._threads = ThreadPoolExecutor(_CONNECTIONS, thread_name_prefix="postgresql")

    async def read(self, work: Work[_T]) -> _T:
        return await self._in_thread(self._reading.connect, work)

    async def find(self, work: Work[_T]) -> _T:
        return await self.read(work)

    async def write(self, work: Work[_T]) -> _T:
        return await asyncio.shield(self._in_thread(self._engine.begin, work))

    async def empty_log(self) -> bool:
        """Write the tables of keys anew, so that no page of theirs still holds one that was dropped.

        They are small: a row for each person. False while somebody reads them, a backup for one: nobody is to wait.
        """
        return await self._in_thread(self._reading.connect, _rewrite_keys)

    async def close(self) -> None:
        """What was asked for is still written."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()

    def _in_thread(self, connect: _Connect, work: Work[_T]) -> "asyncio.Future[_T]":
        return asyncio.get_running_loop().run_in_executor(self._threads, _twice_at_most, connect, work)


def _rewrite_keys(connection: Connection) -> bool:
    """What another session's snapshot still sees is kept until the next time, which is every hour."""
    try:
        connection.exec_driver_sql(f"SET lock_timeout = {_LOCK_WAIT_MS}")
        for name in _KEY_TABLES:
            connection.exec_driver_sql(f"VACUUM (FULL) {name}")
    except OperationalError as error:
        if error.connection_invalidated:
            raise
        return False
    else:
        return True
    finally:
        if not connection.invalidated:
            connection.exec_driver_sql("RESET lock_timeout")


class _CutOff(Exception):
    """The connection was gone before anything was committed on it, and with it goes every other that is as old."""


def _twice_at_most(connect: _Connect, work: Work[_T]) -> _T:
    try:
        return _once(connect, work)
    except _CutOff:
        with connect() as connection:
            return work(connection)


def _once(connect: _Connect, work: Work[_T]) -> _T:
    with connect() as connection:
        try:
            return work(connection)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise _CutOff from error
            raise
