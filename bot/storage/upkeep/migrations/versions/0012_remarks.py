"""What a person says of a report by its buttons, and what they said is not theirs: for the next photos."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
readable_from = "0010"


def upgrade() -> None:
    op.add_column("report", sa.Column("remarks", sa.LargeBinary))
    op.add_column("person", sa.Column("not_theirs", sa.LargeBinary))
