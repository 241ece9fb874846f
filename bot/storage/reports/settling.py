"""What becomes of a report after one piece of work on it: one verb, for work that may be late."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, case, select, update

from bot.storage.engine.vault import Vault
from bot.storage.records import AGE_UNSURE, ReportFate, ReportState, ReportSummary, Settlement
from bot.storage.sealing import seal_photos, seal_summary
from bot.storage.tables import report

WORKED: Final = (ReportState.COLLECTING, ReportState.REQUESTED, ReportState.ANALYZED)
WAITING: Final = (ReportState.AWAITING_CONSENT, ReportState.COLLECTING, ReportState.REQUESTED)
DOUBTED: Final = and_(
    report.c.state.in_((ReportState.HELD, ReportState.REQUESTED)),
    report.c.check_quality.is_(True),
    report.c.reason.is_distinct_from(AGE_UNSURE),  # that waits for another word than "use it anyway"
)
STILL_WORKED: Final = report.c.state.in_(WORKED)
"""A report that was cancelled, or is on the screen, is not touched by work that is still going on."""
_NOT_YET_READ: Final = (*WAITING, ReportState.HELD)
_OVER: Final = {
    ReportFate.HELD: ReportState.HELD,
    ReportFate.REJECTED: ReportState.REJECTED,
    ReportFate.FAILED: ReportState.FAILED,
}


def settle(connection: Connection, vault: Vault, report_id: int, settled: Settlement, now: datetime) -> None:
    match settled.fate:
        case ReportFate.WAITING:
            _put_off(connection, report_id, settled, now)
        case ReportFate.UNREACHABLE:
            give_up(connection, vault, report.c.id == report_id, settled.reason, now)
        case ReportFate.HELD | ReportFate.REJECTED | ReportFate.FAILED as fate:
            _end(connection, vault, report_id, settled, over(_OVER[fate], settled.reason, now))


def give_up(connection: Connection, vault: Vault, which: ColumnElement[bool], reason: str, now: datetime) -> None:
    """The person can't be reached. With an answer it counts as delivered (/report shows it), without as failed."""
    analysed = and_(which, report.c.state == ReportState.ANALYZED)
    for row in connection.execute(select(report.c.id, report.c.person_id).where(analysed).with_for_update()).all():
        nothing = seal_summary(vault.report(connection, row.person_id, row.id), ReportSummary())
        values = over(ReportState.DELIVERED, reason, now) | {"summary": nothing}
        connection.execute(update(report).where(report.c.id == row.id), values)
    unread = and_(which, report.c.state.in_(_NOT_YET_READ))
    connection.execute(update(report).where(unread), over(ReportState.FAILED, reason, now))


def over(state: ReportState, reason: str | None, now: datetime) -> dict[str, object]:
    return {
        "state": state.value,
        "reason": None if reason is None else str(reason),
        "not_before": None,
        "updated_at": now,
    }


def _under_way(report_id: int) -> ColumnElement[bool]:
    return and_(report.c.id == report_id, STILL_WORKED)


def _put_off(connection: Connection, report_id: int, settled: Settlement, now: datetime) -> None:
    """`attempts` counts on while the reason stays the same."""
    in_a_row = case((report.c.reason == str(settled.reason), report.c.attempts + 1), else_=1)
    statement = update(report).where(_under_way(report_id)).values(attempts=in_a_row)
    values: dict[str, object] = {"reason": str(settled.reason), "not_before": settled.until, "updated_at": now}
    if settled.status_message_id is not None:
        values["status_message_id"] = settled.status_message_id
    connection.execute(statement, values)


def _end(connection: Connection, vault: Vault, report_id: int, settled: Settlement, values: dict[str, object]) -> None:
    which = _under_way(report_id)
    if settled.fate is ReportFate.HELD and settled.reason != AGE_UNSURE:
        which = and_(which, report.c.check_quality.is_(True))  # the person's tap came already: it goes on
    if settled.photos is not None:
        owner = connection.scalar(select(report.c.person_id).where(report.c.id == report_id))
        if owner is None:
            return
        values |= {"photos": seal_photos(vault.report(connection, owner, report_id), settled.photos)}
    connection.execute(update(report).where(which), values)
