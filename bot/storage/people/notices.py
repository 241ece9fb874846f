"""Whom an operator's notice has reached. A row stands before anything is sent, so that nobody is told twice."""

import logging
from dataclasses import dataclass
from datetime import datetime
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
_TOLD: Final = "told"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """People, by how far a notice is with them. `doubtful`: a process ended, or Telegram fell silent, in the middle."""

    told: int
    doubtful: int
    left: int
    unreachable: int


class NoticeRows:
    """`notice` is a hash of its words. Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def standing(self, notice: bytes) -> Standing:
        """`unreachable`: of those who were not told, whom nothing reaches just now; back again, they are in `left`."""
        away = person.c.unreachable_at.is_not(None)

        def work(connection: Connection) -> Standing:
            def count(which: ColumnElement[bool]) -> int:
                joined = person.outerjoin(told, and_(told.c.person_id == person.c.id, told.c.notice == notice))
                return connection.execute(select(func.count()).select_from(joined).where(which)).scalar_one()

            none = told.c.notice.is_(None)
            return Standing(
                told=count(told.c.outcome == _TOLD),
                doubtful=count(and_(told.c.notice.is_not(None), told.c.outcome.is_(None))),
                left=count(and_(none, ~away)),
                unreachable=count(and_(none, away)),
            )

        return await self._database.read(work)

    async def still_to_tell(self, notice: bytes, *, after: int) -> tuple[int | None, list[PersonRecord]]:
        """The next few who can be reached, and the last row that was looked at; None when there is no further one."""
        begun = select(told.c.person_id).where(told.c.notice == notice, told.c.person_id == person.c.id)
        rest = (
            select(person)
            .where(person.c.id > after, person.c.unreachable_at.is_(None), ~begun.exists())
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

    async def succeed(self, notice: bytes, person_id: int) -> None:
        statement = update(told).where(*_this(notice, person_id)).values(outcome=_TOLD)
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
