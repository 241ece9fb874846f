"""The version of the analyzer stands with every report; without one it is from before (`bot.skin.instrument`)."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
readable_from = "0010"


def upgrade() -> None:
    op.add_column("report", sa.Column("analyzer_version", sa.String))
