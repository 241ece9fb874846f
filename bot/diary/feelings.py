"""How a person's skin feels: asked with the weekly reminder of whoever wants it, told at any time, two taps each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from bot.clock import Clock
from bot.skin.doctor import lines_on_feelings
from bot.skin.feelings import WORST, Feeling
from bot.storage.people.feelings import FeelingRows
from bot.storage.records import PersonRecord
from bot.storage.reminders import ReminderRows
from bot.storage.reports.reports import ReportRows
from bot.views.diary import FeelingLevelView, FeelingsToldView, FeelingView

_REDNESS: Final = frozenset({"sensitivity", "red_spots"})
_LATELY: Final = timedelta(days=14)


class Feelings:
    def __init__(self, *, rows: FeelingRows, reports: ReportRows, reminders: ReminderRows, now: Clock) -> None:
        self._rows = rows
        self._reports = reports
        self._reminders = reminders
        self._now = now

    def question(self, person: PersonRecord) -> FeelingView:
        return FeelingView(offered=person.feelings, weekly=person.asks_feelings)

    def level(self, person: PersonRecord, feeling: Feeling) -> FeelingLevelView:
        return FeelingLevelView(feeling=feeling, weekly=person.asks_feelings)

    async def tell(self, person: PersonRecord, feeling: Feeling, level: int) -> FeelingsToldView:
        """Raises ValueError for a level that is none, PersonGone."""
        if not 0 <= level <= WORST:
            raise ValueError("no such level is offered")
        return await self._kept(person, {feeling: level})

    async def tell_none(self, person: PersonRecord) -> FeelingsToldView:
        """Nothing of what is asked for. Raises PersonGone."""
        return await self._kept(person, dict.fromkeys(person.feelings, 0))

    async def forget(self, person: PersonRecord) -> None:
        """All that they told; on SQLite it is gone from the files when this returns."""
        await self._rows.forget(person.id)

    async def _kept(self, person: PersonRecord, told: Mapping[Feeling, int]) -> FeelingsToldView:
        """A reminder that is answered so was read."""
        record = await self._rows.tell(person.id, told, now=self._now())
        await self._reminders.answer(person.id)
        return FeelingsToldView(
            when=record.at,
            told={each: record.told[each] for each in Feeling if each in record.told},
            others=tuple(each for each in person.feelings if each not in record.told),
            doctor=lines_on_feelings(record.told, with_redness=await self._is_red(person)),
            weekly=person.asks_feelings,
            asks_eyes=person.asks_eyes,
            quiet=person.quiet,
        )

    async def _is_red(self, person: PersonRecord) -> bool:
        """Whether redness stood out in the newest report, and that is not long ago."""
        newest = await self._reports.history(person.id, offset=0, limit=1)
        return any(
            self._now() - each.when <= _LATELY
            and not each.remarks.somebody_else
            and not _REDNESS.isdisjoint(each.watch)
            for each in newest
        )
