"""What becomes of a plan whose person takes their permission back, moves, or has everything erased."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from bot.people.voice import Voice
from bot.storage.experiments.rows import ExperimentRows
from bot.storage.records import PersonRecord
from bot.telegram.errors import NotDelivered


class ExperimentsEnd:
    """Without an answer, and without a trace in the chat's head."""

    def __init__(self, *, rows: ExperimentRows, voice: Voice, wake: Callable[[], None] = lambda: None) -> None:
        """`wake`: something is due at once."""
        self._rows = rows
        self._voice = voice
        self.wake = wake

    async def messages_of(self, person_id: int) -> Sequence[int]:
        """Those that tell of a plan; an answer stays where it was given."""
        found = await self._rows.every(person_id)
        return [one.message_id for one in found if one.message_id is not None and one.answer is None]

    async def take_down(self, person: PersonRecord, message_ids: Sequence[int]) -> None:
        """Nothing of a plan stands in these messages, nor in the chat's head. Not worth failing for."""
        for message_id in message_ids:
            with suppress(NotDelivered):
                await self._voice.revise(person, message_id, "experiment_gone")
            await self._voice.unpin(person, message_id)

    async def give_up(self, person: PersonRecord) -> None:
        """What is planned or under way ends without an answer, and nothing of it is kept."""
        await self.take_down(person, await self.messages_of(person.id))
        current = await self._rows.current(person.id)
        if current is not None:
            await self._rows.forget(person.id, current.id)
