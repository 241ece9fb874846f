"""Paid calls: a row before each, its outcome after it, so that what may have been charged is countable and capped."""

from datetime import datetime

from sqlalchemy import Connection, func, insert, or_, select, update

from bot.storage.database import Database
from bot.storage.records import CallOutcome, PersonGone
from bot.storage.tables import paid_call, person

__all__ = ["CallOutcome", "Ledger"]


class Ledger:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, report_id: int, person_id: int, *, now: datetime) -> int:
        """Note a call that is about to be made; returns its id. Raises PersonGone: don't make it then."""
        return await self._database.write(lambda connection: _begin(connection, report_id, person_id, now))

    async def end(self, call_id: int, outcome: CallOutcome, *, now: datetime) -> None:
        statement = update(paid_call).where(paid_call.c.id == call_id).values(outcome=outcome.value, finished_at=now)
        await self._database.write_patiently(lambda connection: connection.execute(statement))

    async def count_since(self, person_id: int | None, since: datetime) -> int:
        """Calls begun since then that were or may have been charged; of one person, or of all with None."""
        charged = or_(paid_call.c.outcome.is_(None), paid_call.c.outcome != CallOutcome.REFUSED.value)
        statement = select(func.count()).select_from(paid_call).where(charged, paid_call.c.started_at >= since)
        if person_id is not None:
            statement = statement.where(paid_call.c.person_id == person_id)
        return await self._database.read(lambda connection: connection.execute(statement).scalar_one())


def _begin(connection: Connection, report_id: int, person_id: int, now: datetime) -> int:
    there = select(person.c.id).where(person.c.id == person_id).with_for_update(read=True, key_share=True)
    if connection.scalar(there) is None:
        raise PersonGone
    call = insert(paid_call).values(report_id=report_id, person_id=person_id, started_at=now)
    return int(connection.execute(call.returning(paid_call.c.id)).scalar_one())
