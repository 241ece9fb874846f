"""The sweep on PostgreSQL: rows that are due and have no job get one. Triggers (migration 0005) make all the others."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, text

from bot.storage.tables import Moment

CLOCK_WENT_BACK: Final = timedelta(minutes=1)  # a row touched so far in the future was touched before that
_FURTHEST: Final = timedelta(minutes=10)
_OVERLOOKED_AFTER: Final = timedelta(seconds=30)

# A report that fell due later than at once, or whose job looked at the row before the change was committed.
_DUE_WITHOUT_JOB: Final = text("""
    SELECT count(jobs.defer_report(report.id, report.person_id, 0)) FROM report
    WHERE report.not_before IS NOT NULL AND (report.not_before <= :now OR report.updated_at > :later)
    AND NOT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs AS job
        WHERE job.status = 'todo' AND job.queueing_lock = 'report:' || report.id)
    AND NOT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs AS job
        WHERE job.status = 'doing' AND job.lock = 'person:' || report.person_id)
""").bindparams(bindparam("now", type_=Moment), bindparam("later", type_=Moment))
_TAKEN_WITHOUT_JOB: Final = text("""
    SELECT count(jobs.defer_update(late.update_id, late.chat)) FROM (
        SELECT inbox.update_id, inbox.chat FROM inbox
        WHERE inbox.done_at IS NULL AND (inbox.received_at < :overlooked OR inbox.received_at > :later)
        AND NOT EXISTS (SELECT 1 FROM jobs.procrastinate_jobs AS job
            WHERE job.status IN ('todo', 'doing') AND job.queueing_lock = 'update:' || inbox.update_id)
        ORDER BY inbox.received_at, inbox.update_id
    ) AS late
""").bindparams(bindparam("overlooked", type_=Moment), bindparam("later", type_=Moment))
# A job is put off by half a minute at most: one that is to wait for longer was put off by a clock that was ahead.
_PUT_OFF_TOO_FAR: Final = text("""
    UPDATE jobs.procrastinate_jobs SET scheduled_at = NULL
    WHERE status = 'todo' AND scheduled_at > to_timestamp(:far / 1000.0)
""").bindparams(bindparam("far", type_=Moment))


def defer_overlooked(connection: Connection, now: datetime) -> int:
    """Returns how many rows were without a job."""
    connection.execute(_PUT_OFF_TOO_FAR, {"far": now + _FURTHEST})
    late = connection.execute(_DUE_WITHOUT_JOB, {"now": now, "later": now + CLOCK_WENT_BACK}).scalar_one()
    taken = {"overlooked": now - _OVERLOOKED_AFTER, "later": now + CLOCK_WENT_BACK}
    return int(late + connection.execute(_TAKEN_WITHOUT_JOB, taken).scalar_one())
