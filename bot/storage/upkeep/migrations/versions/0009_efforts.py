"""What a person cost in the last day outlives an erasure for that day; which pictures are the bot's own."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.add_column("paid_call", sa.Column("spent_by", sa.LargeBinary))
    _index_of_the_erased("paid_call")
    op.create_table(
        "effort",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID),
        sa.Column("spent_by", sa.LargeBinary),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("photos", sa.Integer, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_effort"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_effort_person_id", ondelete="SET NULL"),
    )
    op.create_index("ix_effort_person_id", "effort", ["person_id"])
    op.create_index("ix_effort_at", "effort", ["at"])
    _index_of_the_erased("effort")
    op.create_table(
        "shown_picture",
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_shown_picture"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_shown_picture_person_id", ondelete="CASCADE"),
    )
    op.create_index("ix_shown_picture_at", "shown_picture", ["at"])


def _index_of_the_erased(table: str) -> None:
    some = sa.text("spent_by IS NOT NULL")
    op.create_index(f"ix_{table}_spent_by", table, ["spent_by"], sqlite_where=some, postgresql_where=some)
