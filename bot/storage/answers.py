"""How an answer that was paid for is kept: whatever became of its report meanwhile, which gets its number now."""

from typing import Final

from sqlalchemy import Case, Connection, RowMapping, bindparam, case, func, literal, select, update

from bot.storage.keys import Keyring
from bot.storage.records import CallOutcome
from bot.storage.rows import open_lookups, report_lookups
from bot.storage.tables import Moment, paid_call, person, report

# Both are locked, the person first: whoever hands in or erases takes them in that order, and numbers are given singly.
# Rows that only refer to the person (what was said to them) need not wait for that.
_WHOSE: Final = (
    select(report.c.person_id, report.c.lookups)
    .select_from(person.join(report))
    .where(report.c.id == bindparam("report_id"))
    .with_for_update(of=(person, report), key_share=True)
)


def keep_answer(
    connection: Connection,
    keyring: Keyring,
    report_id: int,
    *,
    content: bytes,
    values: dict[str, object],
    paid_by: int | None,
) -> RowMapping | None:
    """The report with its answer and its number, None when it is gone; the ledger's call `paid_by` is answered."""
    answered = {"outcome": CallOutcome.ANSWERED.value, "finished_at": values["updated_at"]}
    connection.execute(update(paid_call).where(paid_call.c.id == paid_by).values(answered))
    this = report.c.id == report_id
    row = connection.execute(_WHOSE, {"report_id": report_id}).one_or_none()
    if row is None:
        return None
    lookups = open_lookups(keyring, row.lookups) | {"content": content.hex()}
    now = literal(values["updated_at"], Moment)
    kept = func.coalesce(report.c.not_before, now)  # a new date would be a new job
    due = case((report.c.not_before > now, now), else_=kept)  # but for one that a clock set which was ahead
    analysed = update(report).where(this).values(not_before=due, number=_numbered(row.person_id)).returning(report)
    return connection.execute(analysed, values | report_lookups(keyring, row.person_id, lookups)).mappings().one()


def _numbered(person_id: int) -> Case[int]:
    """The next of the person's numbers, for a report that has none yet: photos that became no report leave no gap."""
    others = report.alias()
    highest = select(func.coalesce(func.max(others.c.number), 0)).where(
        others.c.person_id == person_id, others.c.number > 0
    )
    return case((report.c.number > 0, report.c.number), else_=highest.scalar_subquery() + 1)
