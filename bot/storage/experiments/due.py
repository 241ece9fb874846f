"""Experiments that fall due: a week that turns, a photo that came, a tap, the end. Claimed by one process at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, bindparam, func, or_, select, update

from bot.storage.engine.database import Database
from bot.storage.engine.vault import Vault
from bot.storage.experiments.records import UNDER_WAY, DueExperiment
from bot.storage.experiments.sealing import open_experiment
from bot.storage.people.efforts import CLOCKS_DIFFER
from bot.storage.records import PersonRecord
from bot.storage.sealing import open_person, readable
from bot.storage.tables import experiment, person

_BATCH: Final = 20  # the answer of one is drawn within a second
_LEASE: Final = timedelta(minutes=2)
_FALL_DUE: Final = update(experiment).where(
    experiment.c.person_id == bindparam("whose"), experiment.c.state.in_(UNDER_WAY)
)


class DueExperimentRows:
    """Every method raises DatabaseUnavailable. A change to one that is gone changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def next_due_at(self, *, after: datetime | None = None) -> datetime | None:
        """When the earliest of all falls due, or of those that fall due after that time."""
        statement = select(func.min(experiment.c.next_due_at))
        if after is not None:
            statement = statement.where(experiment.c.next_due_at > after)
        return await self._database.read(lambda connection: connection.scalar(statement))

    async def claim(self, *, now: datetime) -> Sequence[DueExperiment]:
        """Some that are due and nobody else works on, the longest due first: ours for two minutes."""
        return await self._database.write(lambda connection: _claim(connection, self._vault, now))

    async def settle(self, due: DueExperiment, *, next_due_at: datetime | None) -> bool:
        """Worked, until then. False when something happened meanwhile: it is due again at once."""
        this = _is(due)
        untouched = and_(this, experiment.c.next_due_at == due.due_at)

        def work(connection: Connection) -> bool:
            done = update(experiment).where(untouched).values(next_due_at=next_due_at, lease_until=None)
            if connection.execute(done).rowcount == 1:
                return True
            connection.execute(update(experiment).where(this).values(lease_until=None))
            return False

        return await self._database.write(work)

    async def take_send(self, due: DueExperiment) -> bool:
        """True for one caller only: that one sends the message, whatever becomes of it."""
        mine = and_(_is(due), experiment.c.to_send.is_(True))
        taken = update(experiment).where(mine).values(to_send=False)
        return await self._database.write(lambda connection: connection.execute(taken).rowcount == 1)

    async def tell_in(self, due: DueExperiment, message_id: int | None, *, pinned: bool) -> None:
        """The message that tells of it, and whether it is pinned."""
        values = {"message_id": message_id, "pinned": pinned}
        told = update(experiment).where(_is(due)).values(values)
        await self._database.write(lambda connection: connection.execute(told))


def fall_due(connection: Connection, person_id: int, *, now: datetime) -> None:
    """In the transaction of the caller: something happened that the person's experiment has to know."""
    connection.execute(_FALL_DUE, {"whose": person_id, "next_due_at": now})


def _is(due: DueExperiment) -> ColumnElement[bool]:
    return and_(experiment.c.person_id == due.person.id, experiment.c.id == due.experiment.id)


def _claim(connection: Connection, vault: Vault, now: datetime) -> list[DueExperiment]:
    free = or_(
        experiment.c.lease_until.is_(None),
        experiment.c.lease_until <= now,
        experiment.c.lease_until > now + _LEASE + CLOCKS_DIFFER,  # by a clock that was ahead
    )
    due = (
        select(experiment)
        .where(experiment.c.next_due_at <= now, free)
        .order_by(experiment.c.next_due_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).mappings().all()
    if rows:
        these = experiment.c.id.in_([row["id"] for row in rows])
        connection.execute(update(experiment).where(these).values(lease_until=now + _LEASE))
    return readable(rows, lambda row: _opened(connection, vault, row))


def _opened(connection: Connection, vault: Vault, row: RowMapping) -> DueExperiment:
    seal = vault.row(connection, row["person_id"], experiment, row["id"])
    return DueExperiment(
        person=_person(connection, vault, row["person_id"]),
        experiment=open_experiment(row, seal),
        due_at=row["next_due_at"],
    )


def _person(connection: Connection, vault: Vault, person_id: int) -> PersonRecord:
    row = connection.execute(select(person).where(person.c.id == person_id)).mappings().one()
    return open_person(row, vault.person(connection, person_id))
