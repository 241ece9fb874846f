"""The one wire to the wall clock, and a pause that a bell may cut short."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


class Wakeup:
    """Rung by whoever has work for one that rests. A ring while nobody rests is heard at the next rest."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    def hush(self) -> None:
        """Forget the rings so far: what they told of is being looked at now."""
        self._rung.clear()

    async def rest(self, seconds: float) -> bool:
        """Until it rings, at most so long; whether it rang.

        Not `asyncio.wait_for`: up to Python 3.11 it swallows a cancel that comes in the same moment as the ring, and
        whoever rests would never end.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        return self._rung.is_set()
