"""People, reports, the inbox, paid calls, alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "encryption_key",
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_encryption_key"),
    )
    _create_person()
    _create_report()
    _create_inbox()
    _create_paid_call()
    op.create_table(
        "alert",
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("raised_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", name="pk_alert"),
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("telegram_id", sa.LargeBinary, nullable=False),
        sa.Column("language_code", sa.String),
        sa.Column("locale", sa.String),
        sa.Column("consent_version", sa.Integer),
        sa.Column("consented_at", _MOMENT),
        sa.Column("withdrawn_at", _MOMENT),
        sa.Column("shows_age", sa.Boolean, nullable=False),
        sa.Column("time_zone", sa.String),
        sa.Column("quiet", sa.Boolean, nullable=False),
        sa.Column("hidden_marks", sa.String, nullable=False),
        sa.Column("keeps_pictures", sa.Boolean, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=False),
        sa.Column("sealed_by", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("key", name="uq_person_key"),
        sqlite_autoincrement=True,
    )


def _create_report() -> None:
    op.create_table(
        "report",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.String),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
        sa.Column("not_before", _MOMENT),
        sa.Column("origin", sa.LargeBinary, nullable=False),
        sa.Column("album", sa.LargeBinary),
        sa.Column("content", sa.LargeBinary),
        sa.Column("lookups", sa.LargeBinary, nullable=False),
        sa.Column("photos", sa.LargeBinary, nullable=False),
        sa.Column("chosen", sa.Integer),
        sa.Column("status_message_id", sa.BigInteger),
        sa.Column("check_quality", sa.Boolean, nullable=False),
        sa.Column("provider", sa.String),
        sa.Column("answer", sa.LargeBinary),
        sa.Column("facts", sa.LargeBinary),
        sa.Column("summary", sa.LargeBinary),
        sa.Column("annotated_file_id", sa.LargeBinary),
        sa.Column("redness_file_id", sa.LargeBinary),
        sa.Column("note", sa.LargeBinary),
        sa.Column("disputed", sa.LargeBinary),
        sa.Column("sealed_by", sa.LargeBinary, nullable=False),
        sa.Column("red_map", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_report_person_id", ondelete="CASCADE"),
        sa.UniqueConstraint("origin", name="uq_report_origin"),
        sa.UniqueConstraint("person_id", "number", name="uq_report_person_id_number"),
        sa.UniqueConstraint("person_id", "album", name="uq_report_person_id_album"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_report_person_id_content", "report", ["person_id", "content"])
    _create_partial_index("ix_report_delivered", "report", ["person_id", "number"], "summary IS NOT NULL")
    _create_partial_index("ix_report_due", "report", ["not_before"], "not_before IS NOT NULL")


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("chat", sa.LargeBinary),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("done_at", _MOMENT),
        sa.Column("failed_at", _MOMENT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sealed_by", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    _create_partial_index("ix_inbox_chat", "inbox", ["chat"], "chat IS NOT NULL")
    _create_partial_index("ix_inbox_unfinished", "inbox", ["received_at", "update_id"], "done_at IS NULL")


def _create_paid_call() -> None:
    op.create_table(
        "paid_call",
        sa.Column("id", _ID, nullable=False),
        sa.Column("report_id", _ID),
        sa.Column("person_id", _ID),
        sa.Column("started_at", _MOMENT, nullable=False),
        sa.Column("finished_at", _MOMENT),
        sa.Column("outcome", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_paid_call"),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_paid_call_report_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_paid_call_person_id", ondelete="SET NULL"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_paid_call_report_id", "paid_call", ["report_id"])
    op.create_index("ix_paid_call_started_at", "paid_call", ["started_at"])
    op.create_index("ix_paid_call_person_id_started_at", "paid_call", ["person_id", "started_at"])


def _create_partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
