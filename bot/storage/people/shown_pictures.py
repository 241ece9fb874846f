"""Which pictures are the bot's own, by a keyed hash: one that a person sends back is known again."""

import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.tables import shown_picture

_KEPT: Final = timedelta(days=365)
_THIS: Final = select(shown_picture.c.key).where(
    shown_picture.c.person_id == bindparam("whose"), shown_picture.c.key == bindparam("named")
)


class ShownPictureRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, person_id: int, unique_id: str, *, now: datetime) -> None:
        def work(connection: Connection) -> None:
            row = {"person_id": person_id, "key": self._key(person_id, unique_id), "at": now}
            connection.execute(insert_unless_there(connection, shown_picture), row)

        await self._database.write(work)

    async def knows(self, person_id: int, unique_id: str) -> bool:
        """Whether the bot showed that very picture to this person."""
        this = {"whose": person_id, "named": self._key(person_id, unique_id)}
        return await self._database.find(lambda connection: connection.scalar(_THIS, this)) is not None

    async def prune(self, *, now: datetime) -> None:
        """Forget those of more than a year ago."""
        old = delete(shown_picture).where(shown_picture.c.at < now - _KEPT)
        await self._database.write(lambda connection: connection.execute(old))

    def _key(self, person_id: int, unique_id: str) -> bytes:
        return hmac.digest(self._database.vault.tombstone_salt, f"picture:{person_id}:{unique_id}".encode(), sha256)
