"""Erasure: rows, jobs, and what the bot said in the last two days. Running work ends and tells nobody anything."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.diary.experiments.giving_up import ExperimentsEnd
from bot.people.menu_button import take_away_button
from bot.people.voice import Voice
from bot.storage.engine.seals import SealBroken
from bot.storage.people.people import PersonRows
from bot.storage.people.sent_messages import SentMessageRows
from bot.storage.records import PersonRecord


class Erasing:
    """`stop` ends what this process is doing for a person; other processes notice that their report is gone."""

    def __init__(
        self,
        *,
        rows: PersonRows,
        said: SentMessageRows,
        voice: Voice,
        experiments: ExperimentsEnd,
        stop: Callable[[int], Awaitable[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._said = said
        self._voice = voice
        self._experiments = experiments
        self._stop = stop
        self._now = now

    async def erase(self, person: PersonRecord) -> bool:
        """Remove everything of this person, at once; False when they are gone already.

        Messages go first: a kill half-way leaves the rows that say what is still to be done. A plan's message, which
        may be too old to be deleted, tells nothing of it any more.
        """
        await self._rows.lay_down_work(person.id)
        await self._stop(person.id)
        await self._experiments.take_down(person, await self._experiments.messages_of(person.id))
        said = await self._said.retractable(person.id, now=self._now())
        await self._voice.take_back(person, said)
        await take_away_button(person, self._voice)
        return await self._rows.erase(person.id, now=self._now())

    async def lapse(self, person_id: int, *, unseen_since: datetime) -> bool:
        """Remove everything of somebody who was not here since then; False when they are gone already, or back."""
        await self._stop(person_id)
        person = await self._opened(person_id)
        is_gone = await self._rows.erase(person_id, now=self._now(), unseen_since=unseen_since)
        if is_gone and person is not None:
            await take_away_button(person, self._voice)
        return is_gone

    async def _opened(self, person_id: int) -> PersonRecord | None:
        """None as well for a row that is damaged: it is erased all the same, though nobody knows in which chat."""
        try:
            return await self._rows.by_id(person_id)
        except SealBroken:
            return None
