"""A report may be measured again: which one it repeats, and until when a wish for that holds."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("repeat_of", sa.Integer))
    op.add_column("report", sa.Column("repeat_until", sa.BigInteger))
    wished = sa.text("repeat_until IS NOT NULL")
    op.create_index(
        "ix_report_repeat_wished",
        "report",
        ["person_id", "number"],
        sqlite_where=wished,
        postgresql_where=wished,
    )
