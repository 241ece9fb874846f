"""What only one process, or only so many at once, may do: files' locks for SQLite, advisory locks for PostgreSQL."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from filelock import FileLock, Timeout

from bot.config.errors import SetupError
from bot.storage.engine.location import location_of

_log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

_LOOK_AGAIN_SECONDS: Final = 1.0
_THE_BOT: Final = "bot"


class Locks(Protocol):
    def alone(self) -> AbstractAsyncContextManager[None]:
        """Be the one process that works with this database; waits until another one has ended. PostgreSQL shares."""
        ...

    def place(self, name: str, places: int) -> AbstractAsyncContextManager[None]:
        """Hold one of so many places, over all processes that share the database."""
        ...

    async def lead(self, name: str, work: Work) -> None:
        """Do `work` while no other process does it; wait, and take over when that one dies.

        The work is cancelled, and begun again later, when it is no longer certain that it is ours.
        """
        ...


class DatabaseInUse(SetupError):
    """Another process does the same with this SQLite file."""


@contextmanager
def held_alone(database_url: str, *, for_what: str = _THE_BOT) -> Iterator[None]:
    """Be the one process that does this with an SQLite file, at once or not at all; PostgreSQL shares.

    Raises DatabaseInUse, DatabaseUrlInvalid.
    """
    place = location_of(database_url)
    if place.file is None:
        yield
        return
    place.prepare()
    lock = _lock(_lock_file(place.file, for_what))
    try:
        if not _taken_now(lock):
            raise DatabaseInUse(f"a {for_what} works with {place.file} already")
        yield
    finally:
        lock.release()


@asynccontextmanager
async def open_locks(database_url: str) -> AsyncIterator[Locks]:
    """The locks of that database, given back at the end or when the process dies. Raises DatabaseUrlInvalid."""
    place = location_of(database_url)
    if place.file is not None:
        yield FileLocks(_lock_file(place.file, _THE_BOT))
        return
    from bot.storage.processes.session_locks import SessionLocks  # noqa: PLC0415 - psycopg, an extra that only PostgreSQL needs

    conninfo = place.sync_url.set(drivername="postgresql").render_as_string(hide_password=False)
    locks = SessionLocks(conninfo)
    try:
        yield locks
    finally:
        await locks.close()


class FileLocks:
    """One process has the whole database, so everything else is settled within it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        lock = _lock(self._path)
        try:
            await _until_taken(lock)
            yield
        finally:
            lock.release()

    def place(self, name: str, places: int) -> AbstractAsyncContextManager[None]:
        return self._places.setdefault(name, asyncio.Semaphore(places))

    async def lead(self, name: str, work: Work) -> None:  # noqa: ARG002 - the interface's
        await work()


def _lock_file(database: Path, for_what: str) -> Path:
    return database.with_name(f"{database.name}.lock" if for_what == _THE_BOT else f"{database.name}.{for_what}.lock")


def _lock(path: Path) -> FileLock:
    """The system's own lock, which goes with the process, however that ends. A file that merely lies there is none."""
    return FileLock(path, mode=0o600, thread_local=False, fallback_to_soft=False, preserve_lock_file=True)


def _taken_now(lock: FileLock) -> bool:
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return False
    return True


async def _until_taken(lock: FileLock) -> None:
    told = False
    while not _taken_now(lock):
        if not told:
            _log.warning("another process works with this SQLite file: standing by until it ends")
            told = True
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
