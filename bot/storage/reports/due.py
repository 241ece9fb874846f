"""When reports are worked: which are due, and when the next one is."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import and_, bindparam, func, or_, select, update

from bot.storage.engine.database import Database
from bot.storage.processes.job_sweep import CLOCK_WENT_BACK, defer_overlooked
from bot.storage.records import DueReport, ReportState
from bot.storage.tables import report

_AT_ONCE: Final = 500  # persons; whoever is further back comes as soon as one of these is done
_DUE: Final = and_(
    report.c.not_before.is_not(None),
    or_(report.c.not_before <= bindparam("now"), report.c.updated_at > bindparam("went_back")),
)
_OLDEST: Final = (
    select(report.c.id, report.c.person_id)
    .where(report.c.id.in_(select(func.min(report.c.id)).where(_DUE).group_by(report.c.person_id)))
    .order_by(report.c.not_before, report.c.id)
    .limit(_AT_ONCE)
)
_NEXT: Final = select(func.min(report.c.not_before)).where(report.c.not_before > bindparam("after"))


class DueReportRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, *, now: datetime) -> list[DueReport]:
        """What to work on: of each person with due reports the oldest, the longest overdue person first."""
        clocks = {"now": now, "went_back": now + CLOCK_WENT_BACK}
        rows = await self._database.read(lambda connection: connection.execute(_OLDEST, clocks).all())
        return [DueReport(report_id=row.id, person_id=row.person_id) for row in rows]

    async def due_in(self, report_id: int, *, now: datetime) -> timedelta | None:
        """How long until a report is to be worked, zero when it is; None when nobody is to work on it (any more)."""
        statement = select(report.c.not_before, report.c.updated_at).where(report.c.id == report_id)
        row = await self._database.read(lambda connection: connection.execute(statement).one_or_none())
        if row is None or row.not_before is None:
            return None
        went_back = row.updated_at > now + CLOCK_WENT_BACK
        return timedelta(0) if went_back else max(timedelta(0), row.not_before - now)

    async def release_paid(self, person_id: int, reason: str, *, now: datetime) -> bool:
        """What was measured, and held for that reason, is to be worked; False when there is none."""
        held = (
            report.c.person_id == person_id,
            report.c.state.in_((ReportState.HELD, ReportState.ANALYZED)),
            report.c.reason == reason,
        )
        values = {
            "state": ReportState.ANALYZED.value,
            "reason": None,
            "attempts": 0,
            "not_before": now,
            "updated_at": now,
        }
        statement = update(report).where(*held).values(values)
        return await self._database.write(lambda connection: connection.execute(statement).rowcount > 0)

    async def defer_overlooked(self, *, now: datetime) -> int:
        """PostgreSQL: whatever is due (or taken in) and has no job gets one; returns how many did."""
        return await self._database.write(lambda connection: defer_overlooked(connection, now))

    async def next_due_at(self, *, after: datetime) -> datetime | None:
        """When the next report falls due that is not due yet."""
        return await self._database.read(lambda connection: connection.execute(_NEXT, {"after": after}).scalar_one())
