"""Decoding may kill the process: by a bug of a decoder, or for want of memory. Such a file is read thrice at most."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.imaging.intake import PhotoRejected
from bot.skin.photo import RejectReason
from bot.storage.reports import Reports

_MOST_READINGS: Final = 3


class Readings:
    """A reading is counted before it is begun. What was begun before is a suspect: suspects are read one by one, so
    that of those which were read when a process died only the guilty one is counted again, and others are cleared.
    """

    def __init__(self, rows: Reports) -> None:
        self._rows = rows
        self._suspects = asyncio.Lock()

    @asynccontextmanager
    async def of(self, report_id: int) -> AsyncIterator[None]:
        """While a file of this report is read. Raises PhotoRejected, DatabaseUnavailable."""
        if await self._rows.begin_first_reading(report_id):
            yield
            return
        async with self._suspects:
            if await self._rows.begin_reading(report_id) > _MOST_READINGS:
                raise PhotoRejected(RejectReason.DAMAGED)
            yield
            await self._rows.clear_readings(report_id)
