"""How a skin feels, and what its person uses."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
readable_from = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create("feeling", sa.Column("at", sa.BigInteger, nullable=False))
    _create("product")


def _create(table: str, *columns: sa.Column[int]) -> None:
    op.create_table(
        table,
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        *columns,
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=f"fk_{table}_person_id", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_person_id", table, ["person_id"])
