"""Paid calls: a row before each, its outcome after it, so that what may have been charged is countable and capped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, insert, or_, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.people.efforts import locked_name, the_day, within_the_day
from bot.storage.records import CallOutcome
from bot.storage.tables import paid_call

__all__ = ["Budget", "BudgetSpent", "CallOutcome", "LedgerRows"]

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


class LedgerRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def begin(self, report_id: int, person_id: int, *, now: datetime, budget: Budget | None = None) -> int:
        """Note a call that is about to be made, within the budget; returns its id. Don't make it when this raises.

        Counting and noting are one transaction: of two calls at once, in whatever processes, the second counts the
        first, and what a person had before an erasure counts for who comes back. A report's first call that came to
        nothing is not counted against its person. Raises PersonGone, BudgetSpent.
        """
        asked = _CallAsked(report_id=report_id, person_id=person_id, budget=budget or Budget(), now=now)
        return await self._database.write(lambda connection: _begin(connection, self._vault, asked))

    async def stay_within(self, report_id: int, person_id: int, *, now: datetime, budget: Budget) -> None:
        """Whether a call could begin now, asked before any work is done for it. Raises PersonGone, BudgetSpent."""
        asked = _CallAsked(report_id=report_id, person_id=person_id, budget=budget, now=now)
        await self._database.write(lambda connection: _stay_within(connection, self._vault, asked))

    async def end(self, call_id: int, outcome: CallOutcome, *, now: datetime) -> None:
        statement = update(paid_call).where(paid_call.c.id == call_id).values(outcome=outcome.value, finished_at=now)
        await self._database.write_patiently(lambda connection: connection.execute(statement))

    async def count_since(self, person_id: int | None, since: datetime) -> int:
        """Calls begun since then that were or may have been charged; of one person, or of all with None."""
        whose = _CHARGED if person_id is None else and_(_CHARGED, paid_call.c.person_id == person_id)
        counted = _counted(and_(whose, paid_call.c.started_at >= since))
        return await self._database.read(lambda connection: connection.execute(counted).scalar_one())


def _counted(which: ColumnElement[bool]) -> Select[int]:
    return select(func.count()).select_from(paid_call).where(which)


_CHARGED: Final = or_(paid_call.c.outcome.is_(None), paid_call.c.outcome != CallOutcome.REFUSED.value)
_TODAY: Final = and_(_CHARGED, within_the_day(paid_call.c.started_at))
_THEIRS: Final = and_(
    _TODAY, or_(paid_call.c.person_id == bindparam("person_id"), paid_call.c.spent_by == bindparam("name"))
)
_OF_ALL: Final = _counted(_TODAY)
_OF_THIS_REPORT: Final = _counted(and_(_THEIRS, paid_call.c.report_id == bindparam("report_id")))
_OF_THEIR_OTHERS: Final = _counted(and_(_THEIRS, paid_call.c.report_id.is_distinct_from(bindparam("report_id"))))
_BEGUN: Final = insert(paid_call).returning(paid_call.c.id)


@dataclass(frozen=True, kw_only=True)
class _CallAsked:
    """Whether there may be a call for this report now."""

    report_id: int
    person_id: int
    budget: Budget
    now: datetime


def _begin(connection: Connection, vault: Vault, asked: _CallAsked) -> int:
    _stay_within(connection, vault, asked)
    call = {"report_id": asked.report_id, "person_id": asked.person_id, "started_at": asked.now}
    return int(connection.execute(_BEGUN, call).scalar_one())


def _stay_within(connection: Connection, vault: Vault, asked: _CallAsked) -> None:
    name = locked_name(connection, vault, asked.person_id)
    today = the_day(asked.now)
    if asked.budget.per_person:
        theirs = {"person_id": asked.person_id, "name": name, "report_id": asked.report_id, **today}
        own = connection.execute(_OF_THIS_REPORT, theirs).scalar_one()
        others = connection.execute(_OF_THEIR_OTHERS, theirs).scalar_one()
        if others + max(0, own - 1) >= asked.budget.per_person:
            raise BudgetSpent(per_person=True)
    if asked.budget.total:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(_TOTALS_LOCK)))
        if connection.execute(_OF_ALL, today).scalar_one() >= asked.budget.total:
            raise BudgetSpent(per_person=False)
