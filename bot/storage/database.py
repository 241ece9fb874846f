"""Opening the database; one transaction for each piece of work, written once for SQLite and PostgreSQL."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, TypeVar

import stamina
from sqlalchemy import Connection, event, select
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.storage.dialects import insert_unless_there
from bot.storage.keys import KeyMismatch, Keyring
from bot.storage.place import Place, place_of
from bot.storage.tables import encryption_key

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
Work = Callable[[Connection], _T]

_BUSY_MS: Final = 30_000
_READERS: Final = 4
_CONNECTIONS: Final = 10
_PATIENCE_SECONDS: Final = 600.0
_CHECKPOINT_TRIES: Final = 5
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


class DatabaseUnavailable(Exception):
    """The database can't be reached, is locked for too long, or can't be written: another time it may."""


class Database:
    """Made by `open`. On SQLite one connection writes and a few read; on PostgreSQL any of a pool does both."""

    def __init__(self, *, writer: AsyncEngine, reader: AsyncEngine, keyring: Keyring, file: Path | None = None) -> None:
        self.keyring = keyring
        self.file = file
        self._writer = writer
        self._reader = reader
        self._turn = asyncio.Semaphore(1 if _is_sqlite(writer) else _CONNECTIONS)
        self._writing: set[asyncio.Task[object]] = set()

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, keyring: Keyring) -> AsyncIterator["Database"]:
        """A migrated database, open until the block ends.

        Raises KeyMismatch, DatabaseUrlInvalid, DatabaseUnavailable.
        """
        place = place_of(url)
        place.prepare()
        writer, reader = _engines(place)
        database = cls(writer=writer, reader=reader, keyring=keyring, file=place.file)
        try:
            await database.write(lambda connection: _admit(connection, keyring))
            yield database
        finally:
            await database._close()

    async def read(self, work: Work[_T]) -> _T:
        """Look something up. Raises DatabaseUnavailable."""
        try:
            async with self._reader.connect() as connection:
                return await connection.run_sync(work)
        except (DBAPIError, PoolTimeout) as error:
            raise _translated(error) from error

    async def write(self, work: Work[_T]) -> _T:
        """Do one transaction; a caller that is cancelled meanwhile does not undo it. Raises DatabaseUnavailable."""
        task = asyncio.ensure_future(self._transaction(work))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return await asyncio.shield(task)

    async def write_patiently(self, work: Work[_T]) -> _T:
        """For what is worth money: tried again for ten minutes, so `work` has to be harmless when done twice."""
        async for attempt in stamina.retry_context(
            on=DatabaseUnavailable, attempts=None, timeout=_PATIENCE_SECONDS, wait_initial=0.1, wait_max=5.0
        ):
            with attempt:
                return await self.write(work)
        raise AssertionError("the last attempt either returns or raises")

    async def forget_deleted(self) -> None:
        """Make what was deleted unreadable in the files as well: SQLite's log still holds the pages as they were."""
        if not _is_sqlite(self._writer):
            return
        for _ in range(_CHECKPOINT_TRIES):
            if await self._empty_log():
                return
        _log.warning("deleted rows stay in the write-ahead log for now: another process reads the database")

    async def _empty_log(self) -> bool:
        async with self._turn, self._writer.connect() as connection:
            await connection.exec_driver_sql(f"PRAGMA busy_timeout = {_CHECKPOINT_WAIT_MS}")
            busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
            await connection.exec_driver_sql(f"PRAGMA busy_timeout = {_BUSY_MS}")
        return not busy

    async def _transaction(self, work: Work[_T]) -> _T:
        try:
            async with self._turn, self._writer.begin() as connection:
                if _is_sqlite(self._writer):
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")  # never upgraded, so never refused half-way
                return await connection.run_sync(work)
        except (DBAPIError, PoolTimeout) as error:
            raise _translated(error) from error

    async def _close(self) -> None:
        await asyncio.gather(*self._writing, return_exceptions=True)
        await self._reader.dispose()
        await self._writer.dispose()


def _translated(error: DBAPIError | PoolTimeout) -> Exception:
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return DatabaseUnavailable(type(error).__name__)
    return error


def _admit(connection: Connection, keyring: Keyring) -> None:
    """Note the newest key as one that may have sealed rows; refuse when one of those is not ours."""
    known = set(connection.scalars(select(encryption_key.c.fingerprint)))
    if known - keyring.fingerprints:
        raise KeyMismatch("the database was sealed with a key that is not set")
    if keyring.newest not in known:
        connection.execute(insert_unless_there(connection, encryption_key), {"fingerprint": keyring.newest})


def _is_sqlite(engine: AsyncEngine) -> bool:
    return engine.dialect.name == "sqlite"


def _engines(place: Place) -> tuple[AsyncEngine, AsyncEngine]:
    """Writer and reader. Errors don't carry the statements' values: they may be a person's."""
    if place.file is None:
        engine = create_async_engine(
            place.async_url, hide_parameters=True, pool_size=_CONNECTIONS, max_overflow=0, pool_pre_ping=True
        )
        return engine, engine
    writer = _sqlite_engine(place, connections=1, pragmas=_PRAGMAS)
    reader = _sqlite_engine(place, connections=_READERS, pragmas=(*_PRAGMAS, "query_only = ON"))
    return writer, reader


def _sqlite_engine(place: Place, *, connections: int, pragmas: tuple[str, ...]) -> AsyncEngine:
    engine = create_async_engine(
        place.async_url,
        hide_parameters=True,
        pool_size=connections,
        max_overflow=0,
        pool_reset_on_return=None,
        connect_args={"isolation_level": None},  # the driver begins nothing by itself
    )

    def prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", prepare)
    return engine
