"""What one person cost in the last day, also when they erased everything meanwhile and came back.

With an erasure the day's calls and efforts lose their person; for a day they keep the name that the tombstone has. Who
comes back within it finds the day as they left it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, insert, or_, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.people.tombstones import name_of
from bot.storage.records import PersonGone
from bot.storage.tables import effort, paid_call, person

A_DAY: Final = timedelta(hours=24)
CLOCKS_DIFFER: Final = timedelta(minutes=1)  # what is dated later than that was dated by a clock that was ahead


class EffortKind(StrEnum):
    """LOOK: photos that were fetched and read, AGAIN: those of an earlier report. REFUSED: a photo that the analyzer
    refused. HERE: measured by us."""

    LOOK = "look"
    AGAIN = "again"
    REFUSED = "refused"
    HERE = "here"


@dataclass(frozen=True, kw_only=True)
class Effort:
    kind: EffortKind
    photos: int
    at: datetime


class EffortRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def note(self, person_id: int, kind: EffortKind, *, photos: int = 1, now: datetime) -> None:
        """Raises PersonGone."""
        row = {"person_id": person_id, "kind": kind.value, "photos": photos, "at": now}

        def work(connection: Connection) -> None:
            locked_name(connection, self._vault, person_id)
            connection.execute(insert(effort), row)

        await self._database.write(work)

    async def of_day(self, person_id: int, *, now: datetime) -> Sequence[Effort]:
        """Of the last 24 hours, in no order. Raises PersonGone."""
        return await self._database.write(lambda connection: _of_day(connection, self._vault, person_id, now))

    async def prune(self, *, now: datetime) -> None:
        """Forget efforts of more than a day ago, and of calls of then whose they were."""

        def work(connection: Connection) -> None:
            connection.execute(delete(effort).where(effort.c.at < now - A_DAY))
            past = and_(paid_call.c.spent_by.is_not(None), paid_call.c.started_at < now - A_DAY)
            connection.execute(update(paid_call).where(past).values(spent_by=None))

        await self._database.write(work)


def locked_name(connection: Connection, vault: Vault, person_id: int) -> bytes:
    """What a person's tombstone would say; whoever counts what they cost counts alone. Raises PersonGone."""
    sealed = connection.scalar(_TELEGRAM_ID, {"person_id": person_id})
    if sealed is None:
        raise PersonGone
    telegram_id = vault.person(connection, person_id).open("telegram_id", sealed)
    return name_of(vault, int(telegram_id))


def keep_for_the_day(connection: Connection, person_id: int, name: bytes) -> None:
    """In the transaction that erases somebody, before they are gone."""
    for table in (paid_call, effort):
        connection.execute(update(table).where(table.c.person_id == person_id).values(spent_by=name))


def within(moment: ColumnElement[datetime], since: datetime, now: datetime) -> ColumnElement[bool]:
    """Since then, and not dated by a clock that was ahead."""
    return and_(moment >= since, moment <= now + CLOCKS_DIFFER)


def within_the_day(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """As `within`, for a statement that is built once: `the_day` says which."""
    return and_(moment >= bindparam("a_day_ago"), moment <= bindparam("no_later"))


def the_day(now: datetime) -> dict[str, datetime]:
    return {"a_day_ago": now - A_DAY, "no_later": now + CLOCKS_DIFFER}


_TELEGRAM_ID: Final = (
    select(person.c.telegram_id).where(person.c.id == bindparam("person_id")).with_for_update(key_share=True)
)
_OF_DAY: Final = select(effort.c.kind, effort.c.photos, effort.c.at).where(
    or_(effort.c.person_id == bindparam("person_id"), effort.c.spent_by == bindparam("name")),
    within_the_day(effort.c.at),
)


def _of_day(connection: Connection, vault: Vault, person_id: int, now: datetime) -> list[Effort]:
    name = locked_name(connection, vault, person_id)
    rows = connection.execute(_OF_DAY, {"person_id": person_id, "name": name, **the_day(now)})
    return [Effort(kind=EffortKind(row.kind), photos=row.photos, at=row.at) for row in rows]
