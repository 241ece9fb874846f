"""On PostgreSQL: Procrastinate's own tables, in a schema of their own, and the triggers that make a row a job.

The job is made in the transaction that makes the row due, so no kill comes between the two. A report that falls due
later than in a moment gets its job from the sweep (`processes.job_queue`): a job that waits for its time would hold up
the person's others. Procrastinate is pinned to one minor version; a newer one needs a migration that applies its own.
"""

from alembic import op
from sqlalchemy import Connection

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JOBS = """
CREATE FUNCTION jobs.defer_report(report_id bigint, person_id bigint, wait_ms bigint) RETURNS void
LANGUAGE plpgsql SET search_path = jobs, pg_temp AS $$
BEGIN
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        'reports', 'report', 0, 'person:' || person_id, 'report:' || report_id,
        jsonb_build_object('report_id', report_id),
        CASE WHEN wait_ms > 0 THEN now() + wait_ms * interval '1 millisecond' END
    )::procrastinate_job_to_defer_v1]);
EXCEPTION WHEN unique_violation THEN
    NULL; -- it waits in the queue already
END $$;

CREATE FUNCTION jobs.defer_update(update_id bigint, chat bytea) RETURNS void
LANGUAGE plpgsql SET search_path = jobs, pg_temp AS $$
BEGIN
    PERFORM procrastinate_defer_jobs_v1(ARRAY[ROW(
        'updates', 'update', 0, coalesce('chat:' || encode(chat, 'hex'), 'update:' || update_id),
        'update:' || update_id, jsonb_build_object('update_id', update_id), NULL
    )::procrastinate_job_to_defer_v1]);
EXCEPTION WHEN unique_violation THEN
    NULL;
END $$;

CREATE FUNCTION jobs.on_report_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.defer_report(NEW.id, NEW.person_id, NEW.not_before - NEW.updated_at);
    RETURN NULL;
END $$;

CREATE FUNCTION jobs.on_update_taken() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM jobs.defer_update(NEW.update_id, NEW.chat);
    RETURN NULL;
END $$;

CREATE TRIGGER report_due AFTER UPDATE OF not_before ON report FOR EACH ROW
WHEN (NEW.not_before IS DISTINCT FROM OLD.not_before AND NEW.not_before <= NEW.updated_at + 2000)
EXECUTE FUNCTION jobs.on_report_due();

CREATE TRIGGER update_taken AFTER INSERT ON inbox FOR EACH ROW EXECUTE FUNCTION jobs.on_update_taken();

-- Procrastinate wakes its workers for a new job, not when a lock is free again: the next of a chat or a person would
-- wait for the workers' next look (2 s).
CREATE FUNCTION jobs.on_lock_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('procrastinate_queue_v1#' || next.queue_name,
        json_build_object('type', 'job_inserted', 'job_id', next.id)::text)
    FROM jobs.procrastinate_jobs AS next WHERE next.lock = OLD.lock AND next.status = 'todo' ORDER BY next.id LIMIT 1;
    RETURN NULL;
END $$;

CREATE TRIGGER lock_free AFTER DELETE OR UPDATE OF status ON jobs.procrastinate_jobs FOR EACH ROW
WHEN (OLD.status = 'doing') EXECUTE FUNCTION jobs.on_lock_free();

CREATE INDEX jobs_of_a_lock ON jobs.procrastinate_jobs (lock); -- fetching looks for each job's lock among all others
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    from procrastinate.schema import SchemaManager  # noqa: PLC0415 - an extra that only PostgreSQL needs

    before = connection.exec_driver_sql("SHOW search_path").scalar_one()
    _run(connection, "CREATE SCHEMA jobs; SET LOCAL search_path = jobs")
    _run(connection, SchemaManager.get_schema())
    _run(connection, f"SET LOCAL search_path = {before}")
    _run(connection, _JOBS)
    # What an earlier version left unfinished.
    _run(connection, "SELECT jobs.defer_update(update_id, chat) FROM inbox WHERE done_at IS NULL ORDER BY received_at")


def _run(connection: Connection, script: str) -> None:
    """As it stands: neither % nor : mean anything in it."""
    connection.execution_options(no_parameters=True).exec_driver_sql(script)
