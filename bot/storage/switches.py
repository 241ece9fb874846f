"""What an admin has switched in the chat, for every process that shares the database."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.tables_of_access import switch

_THIS: Final = select(switch.c.name).where(switch.c.name == bindparam("which"))


class Switch(StrEnum):
    """PAUSED: no photo is measured; those that come wait."""

    PAUSED = "paused"


class SwitchRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_on(self, which: Switch) -> bool:
        this = {"which": which.value}
        return await self._database.find(lambda connection: connection.scalar(_THIS, this)) is not None

    async def turn_on(self, which: Switch, *, now: datetime) -> None:
        row = {"name": which.value, "since": now}
        await self._database.write(lambda connection: connection.execute(insert_unless_there(connection, switch), row))

    async def turn_off(self, which: Switch) -> None:
        gone = delete(switch).where(switch.c.name == which.value)
        await self._database.write(lambda connection: connection.execute(gone))
