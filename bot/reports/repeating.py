"""Use case: measure again. A second photo in the same minutes tells how far photos of the same skin differ."""

from bot.clock import Clock
from bot.skin.trend import REPEAT_WITHIN
from bot.storage.records import PersonRecord
from bot.storage.reports.series import SeriesRows


class Repeating:
    def __init__(self, *, track: SeriesRows, now: Clock) -> None:
        self._track = track
        self._now = now

    async def wish(self, person: PersonRecord, number: int) -> bool:
        """The next selfie within ten minutes repeats that report; False when there is none that young."""
        return await self._track.wish_repeat(person.id, number, within=REPEAT_WITHIN, now=self._now())
