"""How an answer that was paid for is kept: whatever became of its report meanwhile, which gets its number now."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import Case, Connection, bindparam, case, func, literal, select, update

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
    answered = {"outcome": CallOutcome.ANSWERED.value, "finished_at": now}
    connection.execute(update(paid_call).where(paid_call.c.id == paid_by).values(answered))
    this = report.c.id == report_id
    row = connection.execute(_WHOSE, {"report_id": report_id}).one_or_none()
    if row is None:
        return None
    this_moment = literal(now, Moment)
    kept = func.coalesce(report.c.not_before, this_moment)  # a new date would be a new job
    due = case(
        (report.c.not_before > this_moment, this_moment), else_=kept
    )  # but for one that a clock set, being ahead
    analysed = update(report).where(this).values(not_before=due, number=_numbered(row.person_id)).returning(report)
    lookups = report_lookups(vault, row.person_id, {"content": content.hex()})
    values = sealed(vault.report(connection, row.person_id, report_id)) | lookups
    return opened_report(connection, vault, connection.execute(analysed, values).mappings().one())


def _numbered(person_id: int) -> Case[int]:
    """The next of the person's numbers, for a report that has none yet: photos that became no report leave no gap."""
    others = report.alias()
    highest = select(func.coalesce(func.max(others.c.number), 0)).where(
        others.c.person_id == person_id, others.c.number > 0
    )
    return case((report.c.number > 0, report.c.number), else_=highest.scalar_subquery() + 1)
