"""Notices of an admin to everybody, written in the chat."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
readable_from = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("asked_at", _MOMENT, nullable=False),
        sa.Column("began_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("words", sa.LargeBinary),
        sa.Column("people", sa.Integer),
        sa.Column("last_person", sa.BigInteger),
        sa.Column("message_id", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_broadcast"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_broadcast_person_id_person", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadcast_person_id", "broadcast", ["person_id"])
