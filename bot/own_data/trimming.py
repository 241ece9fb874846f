"""What was stored when more was kept than today is cut down to it: colour classes, eyelids, ages, maps with a face."""

import logging
from typing import Final

from bot.analysis import pixel_tasks
from bot.analysis.kept import as_kept
from bot.imaging.workshop import Workshop
from bot.storage.reports.trimming import TrimmingRows, Untrimmed

_log = logging.getLogger(__name__)

_BATCH: Final = 20


class Trimming:
    """It goes on from where a kill stopped it, and may run in several processes."""

    def __init__(self, *, rows: TrimmingRows, workshop: Workshop) -> None:
        self._rows = rows
        self._workshop = workshop

    async def trim(self) -> int:
        """Once through; returns how many. Raises DatabaseUnavailable."""
        trimmed, after = 0, 0
        while batch := await self._rows.some(after=after, limit=_BATCH):
            for one in batch:
                answer = None if one.answer is None else as_kept(one.answer, with_age=one.shows_age)
                await self._rows.trim(one.report_id, answer=answer, red_map=await self._kept_map(one))
            trimmed += len(batch)
            after = batch[-1].report_id
        if trimmed:
            await self._rows.finish()
            _log.info("%d stored reports were cut down to what is kept today", trimmed)
        return trimmed

    async def _kept_map(self, one: Untrimmed) -> bytes | None:
        if one.red_map is None or not one.keeps_pictures:
            return None
        return await self._workshop.run(pixel_tasks.grid_of, one.red_map)
