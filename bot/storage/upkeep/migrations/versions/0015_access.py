"""Invitations with a budget, who came by them, and what an admin has switched."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
readable_from = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", _ID, nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("key", name="uq_invitation_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "guest",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("invitation_id", _ID, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_guest"),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name="fk_guest_invitation_id_invitation", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "invitation_use",
        sa.Column("id", _ID, nullable=False),
        sa.Column("invitation_id", _ID, nullable=False),
        sa.Column("report_id", _ID),
        sa.PrimaryKeyConstraint("id", name="pk_invitation_use"),
        sa.UniqueConstraint("report_id", name="uq_invitation_use_report_id"),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name="fk_invitation_use_invitation_id_invitation", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name="fk_invitation_use_report_id_report", ondelete="SET NULL"
        ),
    )
    op.create_index("ix_invitation_use_invitation_id", "invitation_use", ["invitation_id"])
    op.create_table(
        "switch",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_switch"),
    )
