"""Which troubles the operator already knows of."""

from datetime import datetime

from sqlalchemy import delete

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.tables import alert


class AlertRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_once(self, kind: str, *, now: datetime) -> bool:
        """True when this kind of trouble is new: for exactly one caller, over all processes."""
        row = {"kind": kind, "raised_at": now}
        return await self._database.write(
            lambda connection: (
                connection.scalar(insert_unless_there(connection, alert).values(row).returning(alert.c.kind))
                is not None
            )
        )

    async def clear(self, kind: str) -> None:
        await self._database.write(lambda connection: connection.execute(delete(alert).where(alert.c.kind == kind)))
