"""What the texts promise: separate yeses, what of an answer is kept, who is not served, who was told something."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("person", sa.Column("shares_photos", sa.Boolean))
    op.add_column("person", sa.Column("shared_at", _MOMENT))
    op.add_column("person", sa.Column("keeps_reports_at", _MOMENT))
    op.add_column("person", sa.Column("consent_locale", sa.String))
    op.add_column("person", sa.Column("consent_text", sa.LargeBinary))
    op.add_column("consent_proof", sa.Column("shared_at", _MOMENT))
    op.add_column("consent_proof", sa.Column("locale", sa.String))
    op.add_column("consent_proof", sa.Column("text", sa.LargeBinary))
    op.add_column("report", sa.Column("trimmed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_report_untrimmed",
        "report",
        ["id"],
        sqlite_where=sa.text("trimmed = 0"),
        postgresql_where=sa.text("NOT trimmed"),
    )
    op.create_table(
        "refused",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_refused"),
    )
    op.create_table(
        "told",
        sa.Column("notice", sa.LargeBinary, nullable=False),
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("outcome", sa.String),
        sa.PrimaryKeyConstraint("notice", "person_id", name="pk_told"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_told_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_told_person_id", "told", ["person_id"])
