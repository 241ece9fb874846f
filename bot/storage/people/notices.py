"""Whom an operator's notice has reached. A row stands before anything is sent, so that nobody is told twice."""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.dialects import insert_unless_there
from bot.storage.engine.seals import SealBroken
from bot.storage.records import PersonRecord
from bot.storage.sealing import open_person
from bot.storage.tables import person, told

_log = logging.getLogger(__name__)

_BATCH: Final = 50


class ToldOutcome(StrEnum):
    """What became of a notice with one person. REFUSED: Telegram would not take it, for whatever other reason."""

    TOLD = "told"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class NoticeProgress:
    """People, by how far a notice is with them. `doubtful`: a process ended, or Telegram fell silent, in the middle."""

    told: int
    doubtful: int
    left: int
    unreachable: int


class NoticeRows:
    """`notice` is what tells one from the others: a hash. Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, notice: bytes) -> NoticeProgress:
        """`unreachable`: of those who were not told, whom nothing reaches just now; back again, they are in `left`."""
        away = person.c.unreachable_at.is_not(None)

        def work(connection: Connection) -> NoticeProgress:
            def count(which: ColumnElement[bool]) -> int:
                joined = person.outerjoin(told, and_(told.c.person_id == person.c.id, told.c.notice == notice))
                return connection.execute(select(func.count()).select_from(joined).where(which)).scalar_one()

            none = told.c.notice.is_(None)
            return NoticeProgress(
                told=count(told.c.outcome == ToldOutcome.TOLD.value),
                doubtful=count(and_(told.c.notice.is_not(None), told.c.outcome.is_(None))),
                left=count(and_(none, ~away)),
                unreachable=count(and_(none, away)),
            )

        return await self._database.read(work)

    async def outcomes(self, notice: bytes) -> dict[ToldOutcome | None, int]:
        """People by what became of it with them; under None those with whom it is under way, or was cut off."""
        statement = select(told.c.outcome, func.count()).where(told.c.notice == notice).group_by(told.c.outcome)
        rows = await self._database.read(lambda connection: connection.execute(statement).all())
        return {None if outcome is None else ToldOutcome(outcome): count for outcome, count in rows}

    async def still_to_tell(
        self, notice: bytes, *, after: int, up_to: int | None = None
    ) -> tuple[int | None, list[PersonRecord]]:
        """The next few who can be reached, and the last row that was looked at; None when there is no further one.

        `up_to`: the last row that may be looked at.
        """
        within = person.c.id > after if up_to is None else person.c.id.between(after + 1, up_to)
        begun = select(told.c.person_id).where(told.c.notice == notice, told.c.person_id == person.c.id)
        rest = (
            select(person)
            .where(within, person.c.unreachable_at.is_(None), ~begun.exists())
            .order_by(person.c.id)
            .limit(_BATCH)
        )

        def work(connection: Connection) -> tuple[int | None, list[PersonRecord]]:
            rows = connection.execute(rest).mappings().all()
            people = []
            for row in rows:
                try:
                    people.append(open_person(row, self._database.vault.person(connection, row["id"])))
                except SealBroken:
                    _log.error("person row %d can't be opened: nobody can tell who they are", row["id"])
            return (rows[-1]["id"] if rows else None), people

        return await self._database.read(work)

    async def begin(self, notice: bytes, person_id: int, *, now: datetime) -> bool:
        """True for one caller only, ever; False also for somebody who was erased meanwhile."""

        def work(connection: Connection) -> bool:
            there = select(person.c.id).where(person.c.id == person_id).with_for_update()
            if connection.scalar(there) is None:
                return False
            row = {"notice": notice, "person_id": person_id, "began_at": now}
            new = insert_unless_there(connection, told).values(row).returning(told.c.person_id)
            return connection.scalar(new) is not None

        return await self._database.write(work)

    async def settle(self, notice: bytes, person_id: int, outcome: ToldOutcome) -> None:
        statement = update(told).where(*_this(notice, person_id)).values(outcome=outcome.value)
        await self._database.write_patiently(lambda connection: connection.execute(statement))

    async def undo(self, notice: bytes, person_id: int) -> None:
        """It is certain that they were not told: another time they may be."""
        statement = delete(told).where(*_this(notice, person_id))
        await self._database.write_patiently(lambda connection: connection.execute(statement))

    async def forget_doubtful(self, notice: bytes) -> int:
        """Who may or may not have been told is to be told; returns how many that are."""
        statement = delete(told).where(told.c.notice == notice, told.c.outcome.is_(None))
        return await self._database.write(lambda connection: connection.execute(statement).rowcount)


def _this(notice: bytes, person_id: int) -> tuple[ColumnElement[bool], ...]:
    return told.c.notice == notice, told.c.person_id == person_id
