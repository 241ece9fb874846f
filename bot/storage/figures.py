"""Counts over everybody: for the operator, never about one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select

from bot.storage.engine.database import Database
from bot.storage.records import ReportState
from bot.storage.tables import inbox, paid_call, person, report


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """What is due and not done, and for how long the oldest of it."""

    depth: int
    age: timedelta


@dataclass(frozen=True, kw_only=True)
class Day:
    """Since a moment: selfies by their state now and by how many people, paid calls by outcome, updates set aside.

    `refusals`: photos that can't be used, by the reason. A call without an outcome ("") is under way or was cut off.
    """

    reports: Mapping[str, int] = field(default_factory=dict)
    refusals: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    people: int = 0
    set_aside: int = 0


class FigureRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self) -> None:
        """Return when the database answers and is ours. Raises KeyUnknown when its main key is being changed."""
        await self._database.read(self._database.vault.recognise)

    async def backlogs(self, *, now: datetime) -> dict[str, Backlog]:
        """Of reports that are due, and of updates that are stored and not worked."""
        return await self._database.read(lambda connection: _backlogs(connection, now))

    async def waiting(self) -> int:
        """Photos that are to be worked, now or later."""
        later = select(func.count()).where(report.c.not_before.is_not(None))
        return await self._database.read(lambda connection: connection.execute(later).scalar_one())

    async def people(self) -> int:
        statement = select(func.count()).select_from(person)
        return await self._database.read(lambda connection: connection.execute(statement).scalar_one())

    async def since(self, moment: datetime) -> Day:
        return await self._database.read(lambda connection: _day(connection, moment))

    async def unanswered_since(self, moment: datetime) -> int:
        """Updates that came since then and are not worked yet, or could not be."""
        unworked = select(func.count()).where(
            inbox.c.received_at >= moment, or_(inbox.c.done_at.is_(None), inbox.c.failed_at.is_not(None))
        )
        return await self._database.read(lambda connection: connection.execute(unworked).scalar_one())

    async def set_aside_since(self, moment: datetime) -> int:
        """Updates that could not be worked, and were put aside since then."""
        return await self._database.read(lambda connection: _set_aside(connection, moment))


def _backlogs(connection: Connection, now: datetime) -> dict[str, Backlog]:
    reports = select(func.count(), func.min(report.c.not_before)).where(report.c.not_before <= now)
    updates = select(func.count(), func.min(inbox.c.received_at)).where(inbox.c.done_at.is_(None))
    found = {}
    for name, statement in (("reports", reports), ("updates", updates)):
        depth, oldest = connection.execute(statement).one()
        found[name] = Backlog(depth=depth, age=max(now - oldest, timedelta(0)) if oldest else timedelta(0))
    return found


def _day(connection: Connection, moment: datetime) -> Day:
    states = select(report.c.state, func.count()).where(report.c.requested_at >= moment).group_by(report.c.state)
    reasons = (
        select(func.coalesce(report.c.reason, ""), func.count())
        .where(report.c.requested_at >= moment, report.c.state == ReportState.REJECTED.value)
        .group_by(report.c.reason)
    )
    outcomes = (
        select(func.coalesce(paid_call.c.outcome, ""), func.count())
        .where(paid_call.c.started_at >= moment)
        .group_by(paid_call.c.outcome)
    )
    people = select(func.count(report.c.person_id.distinct())).where(report.c.requested_at >= moment)
    return Day(
        reports={row[0]: row[1] for row in connection.execute(states)},
        refusals={row[0]: row[1] for row in connection.execute(reasons)},
        calls={row[0]: row[1] for row in connection.execute(outcomes)},
        people=connection.execute(people).scalar_one(),
        set_aside=_set_aside(connection, moment),
    )


def _set_aside(connection: Connection, moment: datetime) -> int:
    statement = select(func.count()).select_from(inbox).where(inbox.c.failed_at >= moment)
    return connection.execute(statement).scalar_one()
