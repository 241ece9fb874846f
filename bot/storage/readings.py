"""How often it was begun to read a report's photos since that is known to have gone well."""

from typing import Final

from sqlalchemy import bindparam, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.database import Database
from bot.storage.tables import report

_COUNTED: Final = (
    update(report)
    .where(report.c.id == bindparam("report_id"))
    .values(readings=report.c.readings + 1)
    .returning(report.c.readings)
)
_COUNTED_FIRST: Final = _COUNTED.where(report.c.readings == 0)


class Readings:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin_first(self, report_id: int) -> bool:
        """Count it before it is made. False when one was begun before: perhaps a process died over it."""
        return await self._counted(_COUNTED_FIRST, report_id) == 1

    async def begin(self, report_id: int) -> int:
        """Count it before it is made; returns how many were begun, with this one."""
        return await self._counted(_COUNTED, report_id)

    async def clear(self, report_id: int) -> None:
        """One went well."""
        cleared = update(report).where(report.c.id == report_id).values(readings=0)
        await self._database.write(lambda connection: connection.execute(cleared))

    async def _counted(self, statement: ReturningUpdate[tuple[int]], report_id: int) -> int:
        this = {"report_id": report_id}
        return await self._database.write(lambda connection: connection.scalar(statement, this)) or 0
