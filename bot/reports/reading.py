"""Decoding may kill the process: by a bug of a decoder, or for want of memory. Such a report is given up in the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from bot.storage.readings import Readings

_MOST_READINGS: Final = 6
_KEPT_BACK_AFTER: Final = 3  # deaths; they may be the photo's fault, or a day of crashes
_KEPT_BACK_SECONDS: Final = 5.0


class TooDangerous(Exception):
    """Each process that read this report's photos died over it."""


class Suspicion:
    """A reading is counted before it is begun. What was begun before is a suspect: suspects are read one by one, so
    that of those which were read when a process died only the guilty one is counted again, and others are cleared.
    After three deaths it is read when the process has lived for a while (and a while longer after each further one):
    where processes die anyway (killed again and again, for want of memory, by a host that goes down) nearly every
    photo would look guilty otherwise. After six it is given up.
    """

    def __init__(self, rows: Readings, *, kept_back_s: float = _KEPT_BACK_SECONDS) -> None:
        self._rows = rows
        self._kept_back_s = kept_back_s
        self._one_by_one = asyncio.Lock()

    async def keep_back(self, deaths: int) -> None:
        """Wait as long as a report has to that perhaps killed so many."""
        if _KEPT_BACK_AFTER <= deaths < _MOST_READINGS:
            await asyncio.sleep(self._kept_back_s * (deaths - _KEPT_BACK_AFTER + 1))

    @asynccontextmanager
    async def reading(self, report_id: int) -> AsyncIterator["Reading"]:
        """While a report's photos are read, all of them. Raises DatabaseUnavailable."""
        reading = Reading(self._rows, self._one_by_one, report_id)
        try:
            yield reading
        except TooDangerous:
            raise
        except Exception:
            await reading.survived()
            raise
        await reading.went_well()


class Reading:
    """Of one report, an album's photos one after the other. It is counted with the first, once they are at hand:
    what waits for Telegram kills nobody.
    """

    def __init__(self, rows: Readings, one_by_one: asyncio.Lock, report_id: int) -> None:
        self._rows = rows
        self._one_by_one = one_by_one
        self._report_id = report_id
        self._is_first = False
        self._begun = 0

    @asynccontextmanager
    async def of_photo(self) -> AsyncIterator[None]:
        """While one of them is decoded. Raises TooDangerous, DatabaseUnavailable."""
        if not self._begun and await self._rows.begin_first(self._report_id):
            self._is_first, self._begun = True, 1
        if self._is_first:
            yield
            return
        async with self._one_by_one:
            self._begun = self._begun or await self._rows.begin(self._report_id)
            if self._begun > _MOST_READINGS:
                raise TooDangerous
            yield

    async def survived(self) -> None:
        """It ended without a death, though not well: nothing is to be suspected for that."""
        if self._begun:
            await self._rows.clear(self._report_id)

    async def went_well(self) -> None:
        """A first one need not be cleared: it is, with the second, when there has to be one."""
        if self._begun and not self._is_first:
            await self._rows.clear(self._report_id)
