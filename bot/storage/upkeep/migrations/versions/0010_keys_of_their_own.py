"""A key for each person and for each hour of the inbox; which schema an older version can still work with.

Rows that were sealed before are sealed anew while the bot runs (`upkeep.resealing`). A version from before this
finds neither the inbox's column nor the keys: it takes in nothing more, and is to be stopped before the new one starts.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
readable_from = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "schema_mark",
        sa.Column("readable_from", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("readable_from", name="pk_schema_mark"),
    )
    _create_keys("secret", sa.Column("name", sa.String, nullable=False))
    _create_keys("inbox_key", sa.Column("hour", sa.Integer, autoincrement=False, nullable=False))
    _create_keys(
        "person_key",
        sa.Column("person_id", _ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_key_person_id", ondelete="CASCADE"),
    )
    op.add_column("person", sa.Column("choices", sa.LargeBinary))
    op.execute("ALTER TABLE inbox RENAME COLUMN raw TO sealed")
    op.execute("ALTER TABLE inbox ADD COLUMN hour INTEGER CONSTRAINT fk_inbox_hour REFERENCES inbox_key (hour)")
    op.create_index("ix_inbox_hour", "inbox", ["hour"])


def _create_keys(table: str, of: sa.Column[object], *others: sa.Constraint) -> None:
    op.create_table(
        table,
        of,
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("sealed_by", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint(of.name, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["sealed_by"], ["encryption_key.fingerprint"], name=f"fk_{table}_sealed_by"),
        *others,
    )
