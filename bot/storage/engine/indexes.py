"""Indexes of some rows only, for migrations and what is compared with them: a query need not know them.

They stand apart from the tables because SQLAlchemy loads all of PostgreSQL's dialect, 60 ms and 3 MB, to check their
conditions.
"""

from typing import Any

from sqlalchemy import Column, Index, text

from bot.storage.tables import effort, experiment, inbox, metadata, paid_call, reminder, report

__all__ = ["metadata"]


def _index(name: str, *columns: Column[Any], where: str) -> None:
    Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


_index("ix_report_delivered", report.c.person_id, report.c.number, where="summary IS NOT NULL")
_index("ix_report_due", report.c.not_before, where="not_before IS NOT NULL")
_index("ix_report_repeat_wished", report.c.person_id, report.c.number, where="repeat_until IS NOT NULL")
_index("ix_inbox_chat", inbox.c.chat, where="chat IS NOT NULL")
_index("ix_inbox_unfinished", inbox.c.received_at, inbox.c.update_id, where="done_at IS NULL")
_index("ix_inbox_failed_at", inbox.c.failed_at, where="failed_at IS NOT NULL")
_index("ix_reminder_due", reminder.c.next_due_at, where="next_due_at IS NOT NULL")
_index("ix_experiment_due", experiment.c.next_due_at, where="next_due_at IS NOT NULL")
_index("ix_paid_call_spent_by", paid_call.c.spent_by, where="spent_by IS NOT NULL")
_index("ix_effort_spent_by", effort.c.spent_by, where="spent_by IS NOT NULL")
_CURRENT = "state IN ('draft', 'running', 'paused')"
Index(
    "ix_experiment_current",
    experiment.c.person_id,
    unique=True,
    sqlite_where=text(_CURRENT),
    postgresql_where=text(_CURRENT),
)
# What SQLAlchemy makes of `not_` is not the same text in both.
Index("ix_report_untrimmed", report.c.id, sqlite_where=text("trimmed = 0"), postgresql_where=text("NOT trimmed"))
