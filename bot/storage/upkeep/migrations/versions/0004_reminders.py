"""Weekly reminders."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()
_DUE = sa.text("next_due_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("weekday", sa.Integer),
        sa.Column("minute", sa.Integer),
        sa.Column("occurs_at", _MOMENT),
        sa.Column("next_due_at", _MOMENT),
        sa.Column("lease_until", _MOMENT),
        sa.Column("snoozed", sa.Boolean, nullable=False),
        sa.Column("rules", sa.String),
        sa.Column("sent_at", _MOMENT),
        sa.Column("ignored", sa.Integer, nullable=False),
        sa.Column("suggested_at", _MOMENT),
        sa.Column("zone_asked_at", _MOMENT),
        sa.PrimaryKeyConstraint("person_id", name="pk_reminder"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reminder_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_reminder_due", "reminder", ["next_due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
