"""How many bytes of photos wait in memory at once; who finds no room waits as a row, without bytes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class MemoryBudget:
    """Whoever came first is let in first: a large photo is not passed by small ones for ever."""

    def __init__(self, size_bytes: int) -> None:
        self._size = size_bytes
        self._free = size_bytes
        self._entrance = asyncio.Lock()
        self._left = asyncio.Event()

    @asynccontextmanager
    async def for_bytes(self, wanted: int) -> AsyncIterator[None]:
        """Room for so many bytes, or for as many as there can be."""
        taken = min(wanted, self._size)
        async with self._entrance:
            while self._free < taken:
                self._left.clear()
                await self._left.wait()
            self._free -= taken
        try:
            yield
        finally:
            self._free += taken
            self._left.set()
