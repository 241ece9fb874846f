"""How an answer that was paid for is kept: whatever became of its report meanwhile, which gets its number now."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, case, func, select, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.engine.seals import RowSeal
from bot.storage.engine.vault import Vault
from bot.storage.records import CallOutcome, ReportRecord
from bot.storage.reports.requests import opened_report
from bot.storage.sealing import report_lookups
from bot.storage.tables import Moment, paid_call, person, report

# Both are locked, the person first: whoever hands in or erases takes them in that order, and numbers are given singly.
# Rows that only refer to the person (what was said to them) need not wait for that.
_WHOSE: Final = (
    select(report.c.person_id)
    .select_from(person.join(report))
    .where(report.c.id == bindparam("report_id"))
    .with_for_update(of=(person, report), key_share=True)
)
_ANSWERED: Final = (
    update(paid_call)
    .where(paid_call.c.id == bindparam("this_call"))
    .values(outcome=bindparam("outcome"), finished_at=bindparam("finished_at"))
)


def _analysed() -> ReturningUpdate[Any]:
    """With the next of the person's numbers where it has none: photos that became no report leave no gap."""
    others = report.alias()
    highest = select(func.coalesce(func.max(others.c.number), 0)).where(
        others.c.person_id == bindparam("whose"), others.c.number > 0
    )
    numbered = case((report.c.number > 0, report.c.number), else_=highest.scalar_subquery() + 1)
    this_moment = bindparam("this_moment", type_=Moment)
    kept = func.coalesce(report.c.not_before, this_moment)  # a new date would be a new job
    due = case(
        (report.c.not_before > this_moment, this_moment), else_=kept
    )  # but for one that a clock set, being ahead
    this = report.c.id == bindparam("this_report")
    return update(report).where(this).values(not_before=due, number=numbered).returning(report)


_ANALYSED: Final = _analysed()


def keep_answer(
    connection: Connection,
    vault: Vault,
    report_id: int,
    *,
    content: bytes,
    sealed: Callable[[RowSeal], dict[str, object]],
    paid_by: int | None,
    now: datetime,
) -> ReportRecord | None:
    """The report with its answer and its number, None when it is gone; the ledger's call `paid_by` is answered."""
    answered = {"this_call": paid_by, "outcome": CallOutcome.ANSWERED.value, "finished_at": now}
    connection.execute(_ANSWERED, answered)
    row = connection.execute(_WHOSE, {"report_id": report_id}).one_or_none()
    if row is None:
        return None
    lookups = report_lookups(vault, row.person_id, {"content": content.hex()})
    values = sealed(vault.report(connection, row.person_id, report_id)) | lookups
    this = {"this_report": report_id, "whose": row.person_id, "this_moment": now}
    return opened_report(connection, vault, connection.execute(_ANALYSED, values | this).mappings().one())
