"""Erasure: rows, jobs, and what the bot said in the last two days. Running work ends and tells nobody anything."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.clock import Clock
from bot.people.voice import Voice
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
        stop: Callable[[int], Awaitable[None]],
        now: Clock,
    ) -> None:
        self._rows = rows
        self._said = said
        self._voice = voice
        self._stop = stop
        self._now = now

    async def erase(self, person: PersonRecord) -> bool:
        """Remove everything of this person, at once; False when they are gone already.

        Messages go first: a kill half-way leaves the rows that say what is still to be done.
        """
        await self._rows.lay_down_work(person.id)
        await self._stop(person.id)
        said = await self._said.retractable(person.id, now=self._now())
        await self._voice.take_back(person, said)
        return await self._rows.erase(person.id, now=self._now())

    async def lapse(self, person_id: int, *, unseen_since: datetime) -> bool:
        """Remove everything of somebody who was not here since then; False when they are gone already, or back."""
        await self._stop(person_id)
        return await self._rows.erase(person_id, now=self._now(), unseen_since=unseen_since)
