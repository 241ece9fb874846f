"""What a person is told and may take back: messages of the last two days, notices, the look of a drawing, proofs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("person", sa.Column("notice_at", _MOMENT))
    op.add_column("person", sa.Column("rest_told_at", _MOMENT))
    op.add_column("report", sa.Column("look", sa.String))
    op.create_index("ix_person_seen_at", "person", ["seen_at"])
    op.create_table(
        "said",
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        sa.Column("message_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "message_id", name="pk_said"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_said_person_id", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_said_at", "said", ["at"])
    op.create_table(
        "consent_proof",
        sa.Column("id", _ID, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("who", sa.LargeBinary, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("agreed_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT),
        sa.Column("erased_at", _MOMENT, nullable=False),
        sa.Column("sealed_by", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_consent_proof"),
    )
    op.create_index("ix_consent_proof_erased_at", "consent_proof", ["erased_at"])
