"""Advisory locks of PostgreSQL, for processes that share a database."""

import asyncio
import logging
import random
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final, LiteralString

import psycopg

_log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]

_LOOK_AGAIN_SECONDS: Final = 1.0
_LONGEST_ANSWER_SECONDS: Final = 5.0
_ASK_EVERY_SECONDS: Final = 0.04
_LET_OTHERS_SECONDS: Final = 0.06  # longer than others wait between two questions: so places go round
_NAMESPACE: Final = 7_235_002  # the first half of every advisory lock of ours
_TAKE: Final = "SELECT pg_try_advisory_lock(%(ours)s::int, %(key)s::int)"
_GIVE_BACK: Final = "SELECT pg_advisory_unlock(%(ours)s::int, %(key)s::int)"
_IS_OURS: Final = """SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
    AND classid::bigint = %(ours)s AND objid::bigint = %(key)s)"""
# The server notices within 14 s that the host of a connection is gone, and lets its locks go.
_NOTICE: Final = "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"


# A lock belongs to a connection, not to a transaction: it is there as long as the server sees the connection, and goes
# when the process or its host does. So one connection holds all locks of a process and does nothing else. "Places"
# are numbered locks: whoever wants one of n asks for each number in turn, again and again, because waiting for a lock
# inside the server would block the connection for all the others.


class SessionLocks:
    """Advisory locks of one connection of its own: they go with it, so a dead process holds none.

    A place costs a question of about 1 ms. When the database restarts, places that are in use are not counted by
    other processes until they are given back; the connection is simply opened again.
    """

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.AsyncConnection | None = None
        self._turn = asyncio.Lock()
        self._places: dict[str, asyncio.Semaphore] = {}
        self._asking: dict[str, asyncio.Lock] = {}
        self._used: set[int] = set()
        self._on_the_way: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for task in self._on_the_way:
            task.cancel()
        await asyncio.gather(*self._on_the_way, return_exceptions=True)
        await self._drop()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        yield

    @asynccontextmanager
    async def place(self, name: str, places: int) -> AsyncIterator[None]:
        within = self._places.setdefault(name, asyncio.Semaphore(places))
        await within.acquire()
        try:
            async with self._asking.setdefault(name, asyncio.Lock()):
                key = await self._first_free(name, places)
        except BaseException:
            within.release()
            raise
        try:
            yield
        finally:
            task = asyncio.create_task(self._give_back(key, within))
            self._on_the_way.add(task)
            task.add_done_callback(self._on_the_way.discard)

    async def lead(self, name: str, work: Work) -> None:
        key = _key(name)
        while True:
            while not await self._ask(_TAKE, key):  # noqa: ASYNC110 - other processes give it back
                await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            _log.info("this process holds the lock %s", name)
            try:
                if await self._worked(key, work):
                    return
            finally:
                await self._ask(_GIVE_BACK, key)
            _log.warning("the lock %s was lost: another process may hold it now", name)

    async def _worked(self, key: int, work: Work) -> bool:
        """True when the work ended by itself, False when its lock was lost with the connection."""
        at_work = asyncio.ensure_future(work())
        lost = asyncio.create_task(self._until_lost(key))
        try:
            await asyncio.wait({at_work, lost}, return_when=asyncio.FIRST_COMPLETED)
            if at_work.done():
                at_work.result()
            return at_work.done()
        finally:
            lost.cancel()
            at_work.cancel()
            await asyncio.gather(at_work, lost, return_exceptions=True)

    async def _until_lost(self, key: int) -> None:
        while await self._ask(_IS_OURS, key):  # noqa: ASYNC110 - the database's word counts
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _first_free(self, name: str, places: int) -> int:
        while True:
            for number in random.sample(range(places), places):
                key = _key(f"{name} {number}")
                if key not in self._used and await self._ask(_TAKE, key):
                    self._used.add(key)
                    return key
            await asyncio.sleep(_ASK_EVERY_SECONDS * random.uniform(0.5, 1))  # noqa: S311 - only to spread the askers

    async def _give_back(self, key: int, within: asyncio.Semaphore) -> None:
        try:
            await self._ask(_GIVE_BACK, key)
            self._used.discard(key)
            await asyncio.sleep(_LET_OTHERS_SECONDS)
        finally:
            within.release()

    async def _ask(self, question: LiteralString, key: int) -> bool:
        """The answer; False as well while the database can't be asked. A caller that is cancelled leaves it whole."""
        return await asyncio.shield(asyncio.ensure_future(self._answer(question, key)))

    async def _answer(self, question: LiteralString, key: int) -> bool:
        async with self._turn:
            try:
                async with asyncio.timeout(_LONGEST_ANSWER_SECONDS):
                    answer = await (await self._opened()).execute(question, {"key": key, "ours": _NAMESPACE})
                    row = await answer.fetchone()
            except (psycopg.Error, TimeoutError) as error:
                _log.warning("locks can't be requested: %s", type(error).__name__)
                await self._drop()
                return False
        return bool(row and row[0])

    async def _opened(self) -> psycopg.AsyncConnection:
        if self._connection is None or self._connection.closed:
            self._connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True, options=_NOTICE)
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(psycopg.Error):
                await connection.close()


def _key(name: str) -> int:
    return zlib.crc32(name.encode()) >> 1  # a positive integer of 4 bytes, the same in every process
