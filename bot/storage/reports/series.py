"""A person's reports as points of a chart: the newest ones, without opening an answer; and measuring again."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Select, bindparam, func, select, update

from bot.storage.engine.database import Database
from bot.storage.records import ReportState, ReportSummary, SeriesRecord
from bot.storage.sealing import open_track, readable, seal_summary
from bot.storage.tables import report

# No answer and no map is read for it.
_TRACKED: Final = select(
    report.c.id,
    report.c.number,
    report.c.requested_at,
    report.c.provider,
    report.c.analyzer_version,
    report.c.summary,
    report.c.disputed,
    report.c.remarks,
    report.c.note.is_not(None).label("noted"),
).where(report.c.person_id == bindparam("whose"), report.c.summary.is_not(None), report.c.provider.is_not(None))
_NEWEST: Final = _TRACKED.order_by(report.c.number.desc()).limit(bindparam("most"))
_NUMBERED: Final = _TRACKED.where(report.c.number.in_(bindparam("numbers", expanding=True)))

_DELIVERED: Final = (report.c.person_id == bindparam("whose"), report.c.summary.is_not(None))
_BEFORE: Final = select(func.max(report.c.number)).where(*_DELIVERED, report.c.number < bindparam("this"))
_AFTER: Final = select(func.min(report.c.number)).where(*_DELIVERED, report.c.number > bindparam("this"))


class SeriesRows:
    """Every method raises DatabaseUnavailable, and knows a person's own reports only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def newest(self, person_id: int, *, limit: int) -> Sequence[SeriesRecord]:
        """The newest delivered and analysed reports, oldest of them first."""
        return await self._rows(person_id, _NEWEST, {"most": limit})

    async def numbered(self, person_id: int, numbers: Sequence[int]) -> Sequence[SeriesRecord]:
        """Those of these reports that are delivered and analysed, oldest first."""
        return await self._rows(person_id, _NUMBERED, {"numbers": numbers})

    async def neighbours(self, person_id: int, number: int) -> tuple[int | None, int | None]:
        """The delivered reports before and after that one."""
        values = {"whose": person_id, "this": number}

        def work(connection: Connection) -> tuple[int | None, int | None]:
            return connection.scalar(_BEFORE, values), connection.scalar(_AFTER, values)

        return await self._database.find(work)

    async def _rows(
        self, person_id: int, statement: Select[tuple[Any, ...]], values: Mapping[str, object]
    ) -> Sequence[SeriesRecord]:
        def work(connection: Connection) -> list[SeriesRecord]:
            rows = connection.execute(statement, {"whose": person_id, **values}).mappings()
            return readable(rows, lambda row: open_track(row, self._vault.report(connection, person_id, row["id"])))

        return sorted(await self._database.read(work), key=lambda row: (row.when, row.number))

    async def set_summary(self, person_id: int, number: int, summary: ReportSummary) -> None:
        """For a report from before summaries held what charts need."""
        own = select(report.c.id).where(
            report.c.person_id == person_id, report.c.number == number, report.c.summary.is_not(None)
        )

        def work(connection: Connection) -> None:
            report_id = connection.scalar(own.with_for_update())
            if report_id is not None:
                sealed = seal_summary(self._vault.report(connection, person_id, report_id), summary)
                connection.execute(update(report).where(report.c.id == report_id).values(summary=sealed))

        await self._database.write(work)

    async def wish_repeat(self, person_id: int, number: int, *, within: timedelta, now: datetime) -> bool:
        """The next selfie, if it comes within that time, repeats this report; False when the report is older."""
        statement = (
            update(report)
            .where(
                report.c.person_id == person_id,
                report.c.number == number,
                report.c.state == ReportState.DELIVERED.value,
                report.c.requested_at >= now - within,
            )
            .values(repeat_until=now + within)
        )
        wished = await self._database.write(lambda connection: connection.execute(statement).rowcount)
        return wished > 0

    async def drop_repeat(self, person_id: int, *, now: datetime) -> bool:
        """No selfie repeats anything; False when none would have."""
        wished = [report.c.person_id == person_id, report.c.repeat_until.is_not(None)]
        still = [*wished, report.c.repeat_until >= now]

        def work(connection: Connection) -> bool:
            pending = connection.scalar(select(report.c.id).where(*still).limit(1)) is not None
            connection.execute(update(report).where(*wished).values(repeat_until=None))
            return pending

        return await self._database.write(work)
