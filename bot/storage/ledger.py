"""Paid calls: a row before each, its outcome after it, so that what may have been charged is countable and capped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from bot.storage.database import Database
from bot.storage.records import CallOutcome, PersonGone
from bot.storage.tables import paid_call, person

__all__ = ["Budget", "BudgetSpent", "CallOutcome", "Ledger"]

_A_DAY: Final = timedelta(hours=24)
_TOTALS_LOCK: Final = 7_235_006  # an advisory lock's number: whoever counts all calls counts alone


class BudgetSpent(Exception):
    """The day's paid analyses are used up: this person's own, or the whole bot's."""

    def __init__(self, *, per_person: bool) -> None:
        super().__init__("per person" if per_person else "total")
        self.per_person = per_person


@dataclass(frozen=True, kw_only=True)
class Budget:
    """Paid analyses within 24 hours; 0 is no limit."""

    per_person: int = 0
    total: int = 0


class Ledger:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, report_id: int, person_id: int, *, now: datetime, budget: Budget | None = None) -> int:
        """Note a call that is about to be made, within the budget; returns its id. Don't make it when this raises.

        Counting and noting are one transaction: of two calls at once, in whatever processes, the second counts the
        first. A report's first call that came to nothing is not counted against its person. Raises PersonGone,
        BudgetSpent.
        """
        within = budget or Budget()
        return await self._database.write(lambda connection: _begin(connection, report_id, person_id, within, now))

    async def end(self, call_id: int, outcome: CallOutcome, *, now: datetime) -> None:
        statement = update(paid_call).where(paid_call.c.id == call_id).values(outcome=outcome.value, finished_at=now)
        await self._database.write_patiently(lambda connection: connection.execute(statement))

    async def count_since(self, person_id: int | None, since: datetime) -> int:
        """Calls begun since then that were or may have been charged; of one person, or of all with None."""
        whose = _CHARGED if person_id is None else and_(_CHARGED, paid_call.c.person_id == person_id)
        return await self._database.read(lambda connection: _count(connection, whose, since))


_CHARGED: Final = or_(paid_call.c.outcome.is_(None), paid_call.c.outcome != CallOutcome.REFUSED.value)


def _begin(connection: Connection, report_id: int, person_id: int, budget: Budget, now: datetime) -> int:
    there = select(person.c.id).where(person.c.id == person_id).with_for_update(key_share=True)
    if connection.scalar(there) is None:
        raise PersonGone
    _stay_within(connection, report_id, person_id, budget, now)
    call = {"report_id": report_id, "person_id": person_id, "started_at": now}
    return int(connection.execute(insert(paid_call).returning(paid_call.c.id), call).scalar_one())


def _stay_within(connection: Connection, report_id: int, person_id: int, budget: Budget, now: datetime) -> None:
    if budget.per_person:
        theirs = and_(_CHARGED, paid_call.c.person_id == person_id)
        of_report = paid_call.c.report_id == report_id
        own = _count(connection, and_(theirs, of_report), now - _A_DAY)
        others = _count(connection, and_(theirs, paid_call.c.report_id.is_distinct_from(report_id)), now - _A_DAY)
        if others + max(0, own - 1) >= budget.per_person:
            raise BudgetSpent(per_person=True)
    if budget.total:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_TOTALS_LOCK)))
        if _count(connection, _CHARGED, now - _A_DAY) >= budget.total:
            raise BudgetSpent(per_person=False)


def _count(connection: Connection, which: ColumnElement[bool], since: datetime) -> int:
    statement = select(func.count()).select_from(paid_call).where(which, paid_call.c.started_at >= since)
    return connection.execute(statement).scalar_one()
