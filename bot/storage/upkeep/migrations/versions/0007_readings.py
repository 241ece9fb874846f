"""A file that kills the process which reads it is not read for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("readings", sa.Integer, nullable=False, server_default="0"))
