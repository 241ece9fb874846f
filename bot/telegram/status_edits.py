"""Progress on the screen: of several statuses only the newest is shown, about one a second, and none too late."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

_T = TypeVar("_T")

_EVERY_SECONDS: Final = 1.0

Key = tuple[int, int]  # chat and message


@dataclass(kw_only=True, eq=False)
class _Line(Generic[_T]):
    """One message's statuses: one may wait, one may be on the wire."""

    waiting: _T | None
    on_wire: bool = False
    free: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None


class StatusEdits(Generic[_T]):
    """`lull` waits until a chat has time for it, `show` makes one try at an edit and raises nothing."""

    def __init__(
        self,
        *,
        lull: Callable[[int], Awaitable[None]],
        show: Callable[[int, int, _T], Awaitable[None]],
        dropped: Callable[[], None],
    ) -> None:
        self._lull = lull
        self._show = show
        self._dropped = dropped
        self._lines: dict[Key, _Line[_T]] = {}

    def put(self, chat_id: int, message_id: int, status: _T) -> None:
        """Show this status when there is time for it; it replaces one that still waits."""
        key = (chat_id, message_id)
        line = self._lines.get(key)
        if line is None:
            self._lines[key] = line = _Line(waiting=status)
            line.task = asyncio.create_task(self._walk(key, line))
            return
        if line.waiting is not None:
            self._dropped()
        line.waiting = status

    async def end(self, chat_id: int, message_id: int) -> None:
        """No status will touch this message from here on; waits only for one that is on the wire already."""
        line = self._lines.pop((chat_id, message_id), None)
        if line is None or line.task is None:
            return
        if line.waiting is not None:
            self._dropped()
            line.waiting = None
        if line.on_wire:
            await line.free.wait()
        line.task.cancel()

    async def close(self) -> None:
        """Drop everything that waits."""
        for chat_id, message_id in list(self._lines):
            await self.end(chat_id, message_id)

    async def _walk(self, key: Key, line: _Line[_T]) -> None:
        while line.waiting is not None:
            await self._lull(key[0])
            await self._send(key, line)
            await asyncio.sleep(_EVERY_SECONDS)
        if self._lines.get(key) is line:
            del self._lines[key]

    async def _send(self, key: Key, line: _Line[_T]) -> None:
        status, line.waiting, line.on_wire = line.waiting, None, True
        line.free.clear()
        try:
            if status is not None:
                await self._show(*key, status)
        finally:
            line.on_wire = False
            line.free.set()
