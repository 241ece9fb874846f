"""Whom the operator does not serve: known by the same hash as a tombstone, which outlives an erasure and every key."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.people.tombstones import name_of
from bot.storage.tables import refused

_REFUSED: Final = select(refused.c.key).where(refused.c.key.in_(bindparam("names", expanding=True)))
_IS_REFUSED: Final = select(refused.c.key).where(refused.c.key == bindparam("name"))


class RefusalRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = database.found_together(self._hold_all)

    async def add(self, telegram_id: int, *, now: datetime) -> None:
        def work(connection: Connection) -> None:
            row = {"key": name_of(self._database.vault, telegram_id), "at": now}
            connection.execute(insert_unless_there(connection, refused), row)

        await self._database.write(work)

    async def remove(self, telegram_id: int) -> bool:
        """False when they were not refused."""

        def work(connection: Connection) -> bool:
            this = refused.c.key == name_of(self._database.vault, telegram_id)
            return connection.execute(delete(refused).where(this)).rowcount > 0

        return await self._database.write(work)

    async def hold(self, telegram_id: int) -> bool:
        """Whether this person is refused."""
        return await self._held(telegram_id)

    def _hold_all(self, connection: Connection, telegram_ids: Sequence[int]) -> list[bool]:
        names = [name_of(self._database.vault, telegram_id) for telegram_id in telegram_ids]
        if len(names) == 1:  # as nearly always on SQLite; to lay out a list takes as long again
            return [connection.scalar(_IS_REFUSED, {"name": names[0]}) is not None]
        held = set(connection.scalars(_REFUSED, {"names": names}))
        return [name in held for name in names]
