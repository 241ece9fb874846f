"""Which report is read on this machine because its sender wished so while the vendor was away. Kept with the report."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, and_, or_, select, update

from bot.storage.engine.database import Database
from bot.storage.records import ReportRecord, ReportStanding, ReportState
from bot.storage.reports.requests import opened_report
from bot.storage.reports.standing import STANDING, standing_of
from bot.storage.sealing import open_remarks, seal_remarks
from bot.storage.tables import report

UNAVAILABLE: Final = "analysis_unavailable"
_IN_HAND: Final = report.c.state == ReportState.REQUESTED.value  # also while it is tried: the button stood there before
_GIVEN_UP: Final = and_(report.c.state == ReportState.FAILED.value, report.c.reason == UNAVAILABLE)
_UNREAD: Final = and_(report.c.answer.is_(None), or_(_IN_HAND, _GIVEN_UP))


class ChosenReaderRows:
    """Every method raises DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._vault = database.vault

    async def of(self, report_id: int) -> tuple[ReportStanding, bool] | None:
        """How it stands, and whether it is to be read on this machine; None when it is gone."""

        def work(connection: Connection) -> tuple[ReportStanding, bool] | None:
            row = connection.execute(STANDING, {"report_id": report_id}).one_or_none()
            if row is None:
                return None
            here = row.remarks is not None and self._is_here(connection, row.person_id, report_id, row.remarks)
            return standing_of(row), here

        return await self._database.find(work)

    async def choose_here(
        self, person_id: int, number: int, *, now: datetime, not_before: datetime
    ) -> ReportRecord | None:
        """A photo that the vendor could not read is to be read on this machine; None when there is none (any more).

        Of two taps the second finds nothing.
        """
        own = and_(report.c.person_id == person_id, report.c.number == number, _UNREAD)

        def work(connection: Connection) -> ReportRecord | None:
            row = connection.execute(select(report).where(own).with_for_update()).mappings().one_or_none()
            known = None if row is None else opened_report(connection, self._vault, row)
            if known is None or known.remarks.read_here:
                return None
            seal = self._vault.report(connection, person_id, known.id)
            values = _due(now, not_before) | {"remarks": seal_remarks(seal, replace(known.remarks, read_here=True))}
            changed = update(report).where(report.c.id == known.id).values(values).returning(report)
            return opened_report(connection, self._vault, connection.execute(changed).mappings().one())

        return await self._database.write(work)

    async def go_on_here(self, report_id: int, *, now: datetime) -> bool:
        """It was tapped while it was being put off, or given up: due now all the same. False where it was not."""

        def work(connection: Connection) -> bool:
            this = and_(report.c.id == report_id, _UNREAD)
            row = connection.execute(select(report).where(this).with_for_update()).one_or_none()
            if row is None or row.remarks is None:
                return False
            if not self._is_here(connection, row.person_id, report_id, row.remarks):
                return False
            connection.execute(update(report).where(report.c.id == report_id).values(_due(now, now)))
            return True

        return await self._database.write(work)

    def _is_here(self, connection: Connection, person_id: int, report_id: int, sealed: bytes) -> bool:
        return open_remarks(self._vault.report(connection, person_id, report_id), sealed).read_here


def _due(now: datetime, not_before: datetime) -> dict[str, object]:
    return {
        "state": ReportState.REQUESTED.value,
        "reason": None,
        "attempts": 0,
        "not_before": not_before,
        "updated_at": now,
    }
