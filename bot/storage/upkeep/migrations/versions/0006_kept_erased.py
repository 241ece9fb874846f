"""Who was erased stays erased after a restore; who can't be reached; what the operator counts is quick to count."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "tombstone",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("met_at", _MOMENT, nullable=False),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_tombstone"),
    )
    op.create_table(
        "tombstone_salt",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("sealed_by", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tombstone_salt"),
    )
    op.add_column("person", sa.Column("unreachable_at", _MOMENT))
    op.create_index("ix_report_requested_at", "report", ["requested_at"])
    failed = sa.text("failed_at IS NOT NULL")
    op.create_index("ix_inbox_failed_at", "inbox", ["failed_at"], sqlite_where=failed, postgresql_where=failed)
