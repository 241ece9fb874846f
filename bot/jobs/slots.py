"""So many at work at once; whoever only waits gives the place to somebody who has work, or comes back later."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import Final

PATIENCE_SECONDS: Final = 5.0  # of a report, for a chat that is told to be silent: its row keeps it until then


class Slots:
    """Places for work. Whoever comes first gets the next one that is free."""

    def __init__(self, places: int) -> None:
        self._places = asyncio.Semaphore(places)
        self.free = places

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """While one place is ours, but for the time in which what is done there stands aside."""
        place = _Slot(self)
        await place.take()
        token = _ours.set(place)
        try:
            yield
        finally:
            _ours.reset(token)
            place.leave()

    async def acquire(self) -> None:
        await self._places.acquire()
        self.free -= 1

    def release(self) -> None:
        self.free += 1
        self._places.release()


class _Slot:
    """One of the places, and how many of those who work there at once wait for something."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._is_taken = False
        self._left = False
        self._waiting = 0

    async def take(self) -> None:
        await self._slots.acquire()
        if self._left:  # a task that outlived the work: nobody would leave for it
            self._slots.release()
        else:
            self._is_taken = True

    def leave(self) -> None:
        self._left = True
        self._give()

    def begin_to_wait(self) -> None:
        self._waiting += 1
        self._give()

    async def end_waiting(self) -> None:
        self._waiting -= 1
        if not (self._waiting or self._left):
            await self.take()

    def _give(self) -> None:
        if self._is_taken:
            self._is_taken = False
            self._slots.release()


_ours: ContextVar[_Slot | None] = ContextVar("_ours", default=None)


@asynccontextmanager
async def standing_aside() -> AsyncIterator[None]:
    """While something is waited for that is no work: somebody else has our place, if we have one."""
    place = _ours.get()
    if place is None:
        yield
        return
    place.begin_to_wait()
    try:
        yield
    finally:
        await place.end_waiting()


_patience: ContextVar[float | None] = ContextVar("_patience", default=None)


@contextmanager
def patient_for(seconds: float) -> Iterator[None]:
    """What is done here can be done another time: it waits no longer than this for somebody who wants silence."""
    token = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(token)


def patience(most: float) -> float:
    """For how many seconds the work that goes on here may wait, `most` at most."""
    ours = _patience.get()
    return most if ours is None else min(most, ours)
