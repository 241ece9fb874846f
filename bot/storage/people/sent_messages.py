"""Which messages went to and fro in a person's chat within the time in which Telegram lets a bot delete them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import BigInteger, bindparam, delete, select

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.tables import Moment, person, said

RETRACTABLE: Final = timedelta(hours=48) - timedelta(minutes=10)  # Telegram's limit, less a clock that goes wrong

_OF_WHO_IS_THERE: Final = select(
    person.c.id, bindparam("message_id", type_=BigInteger), bindparam("now", type_=Moment)
).where(person.c.id == bindparam("whose"))


class SentMessageRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted = database.together(self._note_all)

    async def note(self, person_id: int, message_id: int, *, now: datetime) -> None:
        """Remember a message; for a person who was erased meanwhile nothing is remembered."""
        await self._noted.ask({"whose": person_id, "message_id": message_id, "now": now})

    async def retractable(self, person_id: int, *, now: datetime) -> list[int]:
        """Message ids that Telegram still takes back, oldest first."""
        statement = (
            select(said.c.message_id)
            .where(said.c.person_id == person_id, said.c.at > now - RETRACTABLE)
            .order_by(said.c.message_id)
        )
        return await self._database.read(lambda connection: list(connection.scalars(statement)))

    async def prune(self, *, now: datetime) -> int:
        """Forget what can't be taken back any more; returns how many."""
        statement = delete(said).where(said.c.at <= now - RETRACTABLE)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)

    async def _note_all(self, said_now: Sequence[Mapping[str, object]]) -> Sequence[None]:
        await self._database.write(
            lambda connection: connection.execute(
                insert_unless_there(connection, said).from_select(["person_id", "message_id", "at"], _OF_WHO_IS_THERE),
                said_now,
            )
        )
        return [None] * len(said_now)
