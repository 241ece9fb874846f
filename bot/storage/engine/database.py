"""Opening the database; one transaction for each piece of work, written once for SQLite and PostgreSQL."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Protocol, TypeVar

import stamina
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.storage.engine.batching import Batching
from bot.storage.engine.keys import KeyMismatch, Keyring
from bot.storage.engine.location import location_of
from bot.storage.engine.postgres import PostgresServer
from bot.storage.engine.sqlite import SqliteFile
from bot.storage.engine.vault import Vault

_log = logging.getLogger(__name__)

_T = TypeVar("_T")
_Piece = TypeVar("_Piece")
Work = Callable[[Connection], _T]

_PATIENCE_SECONDS: Final = 600.0
_CHECKPOINT_TRIES: Final = 5


class DatabaseUnavailable(Exception):
    """The database can't be reached, is locked for too long, or can't be written: another time it may."""


class KeyUnknown(DatabaseUnavailable):
    """The main key was changed, and this process has only the old one: nothing is taken in until it has both."""


class _Opened(Protocol):
    """An SQLite file or a PostgreSQL server, for one transaction at a time of many callers."""

    async def read(self, work: Work[_T]) -> _T: ...

    async def find(self, work: Work[_T]) -> _T: ...

    async def write(self, work: Work[_T]) -> _T:
        """One transaction; a caller that is cancelled meanwhile does not undo it. `work` may be begun anew."""
        ...

    async def empty_log(self) -> bool: ...

    async def close(self) -> None: ...


class Database:
    """Made by `open`. `file` is the SQLite file, `erased_list` the list of the erased; both None on PostgreSQL."""

    def __init__(
        self, opened: _Opened, vault: Vault, *, file: Path | None = None, erased_list: Path | None = None
    ) -> None:
        self.vault = vault
        self.file = file
        self.erased_list = erased_list
        self._opened = opened
        self._log_is_held = False
        self._finish: list[Callable[[], Awaitable[None]]] = []

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        url: str,
        keyring: Keyring,
        *,
        reread: Callable[[], Keyring] | None = None,
        erased_list: Path | None = None,
    ) -> AsyncIterator["Database"]:
        """A migrated database, open until the block ends. `reread` gives the main keys as they stand now.

        `erased_list`: where the list of the erased stands, when not beside an SQLite file.
        Raises KeyMismatch, KeyInvalid, DatabaseUrlInvalid, DatabaseUnavailable.
        """
        place = location_of(url)
        place.prepare()
        opened = PostgresServer(place.sync_url) if place.file is None else SqliteFile(place.sync_url)
        kept_at = place.list_beside and (erased_list or place.list_beside)
        database = cls(opened, Vault(keyring, reread=reread), file=place.file, erased_list=kept_at)
        try:
            await database.admit()
            yield database
        finally:
            for finish in database._finish:
                await finish()
            await opened.close()

    async def admit(self) -> None:
        """See that the keys are ours. Raises KeyMismatch, KeyInvalid, DatabaseUnavailable."""
        try:
            await self._opened.write(self.vault.admit)
        except (DBAPIError, PoolTimeout) as error:
            raise _translated(error) from error

    async def read(self, work: Work[_T]) -> _T:
        """Look something up. Raises DatabaseUnavailable."""
        try:
            return await self._opened.read(work)
        except (DBAPIError, PoolTimeout, KeyMismatch) as error:
            raise _translated(error) from error

    async def find(self, work: Work[_T]) -> _T:
        """As `read`, for a row or two by an index: on SQLite it holds up the event loop. Raises DatabaseUnavailable."""
        try:
            return await self._opened.find(work)
        except (DBAPIError, PoolTimeout, KeyMismatch) as error:
            raise _translated(error) from error

    async def write(self, work: Work[_T]) -> _T:
        """Do one transaction; a caller that is cancelled meanwhile does not undo it. Raises DatabaseUnavailable."""
        try:
            return await self._opened.write(work)
        except (DBAPIError, PoolTimeout, KeyMismatch) as error:
            raise _translated(error) from error

    async def write_patiently(self, work: Work[_T]) -> _T:
        """For what can't be had again: tried anew for ten minutes, so `work` has to be harmless when done twice."""
        async for attempt in stamina.retry_context(
            on=DatabaseUnavailable, attempts=None, timeout=_PATIENCE_SECONDS, wait_initial=0.1, wait_max=5.0
        ):
            with attempt:
                return await self.write(work)
        raise AssertionError("the last attempt either returns or raises")

    def together(self, do: Callable[[Sequence[_Piece]], Awaitable[Sequence[_T]]]) -> Batching[_Piece, _T]:
        """For what many ask for in the same moment. What is asked for is done before the end."""
        together = Batching(do)
        self._finish.append(together.finished)
        return together

    def found_together(
        self, find: Callable[[Connection, Sequence[_Piece]], Sequence[_T]]
    ) -> Callable[[_Piece], Awaitable[_T]]:
        """For what many look for in the same moment, where asking takes longer than finding: over a network."""
        if self.file is None:

            async def find_all(pieces: Sequence[_Piece]) -> Sequence[_T]:
                return await self.read(lambda connection: find(connection, pieces))

            return self.together(find_all).ask

        async def find_one(piece: _Piece) -> _T:
            return (await self.find(lambda connection: find(connection, [piece])))[0]

        return find_one

    async def forget_deleted(self) -> None:
        """Make what was deleted unreadable in the files as well: SQLite's log still holds the pages as they were."""
        for _ in range(1 if self._log_is_held else _CHECKPOINT_TRIES):
            if await self._opened.empty_log():
                self._log_is_held = False
                return
        if self._log_is_held:  # as by Litestream, all the time: told once, and not waited for again and again
            return
        self._log_is_held = True
        _log.warning("deleted rows stay in the write-ahead log for now: another process reads the database")


def _translated(error: DBAPIError | PoolTimeout | KeyMismatch) -> Exception:
    if isinstance(error, KeyMismatch):
        return KeyUnknown(str(error))
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return DatabaseUnavailable(type(error).__name__)
    return error
