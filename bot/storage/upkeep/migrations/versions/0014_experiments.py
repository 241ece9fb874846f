"""Self-experiments, and the reports that were looked at for them."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
readable_from = "0010"

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.BigInteger()
_DUE = sa.text("next_due_at IS NOT NULL")
_CURRENT = sa.text("state IN ('draft', 'running', 'paused')")


def upgrade() -> None:
    _make_experiments()
    _make_photos()


def _make_experiments() -> None:
    op.create_table(
        "experiment",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("asked_at", _MOMENT),
        sa.Column("began_at", _MOMENT),
        sa.Column("ended_at", _MOMENT),
        sa.Column("next_due_at", _MOMENT),
        sa.Column("lease_until", _MOMENT),
        sa.Column("message_id", sa.BigInteger),
        sa.Column("pinned", sa.Boolean, nullable=False),
        sa.Column("to_send", sa.Boolean, nullable=False),
        sa.Column("draft", sa.LargeBinary),
        sa.Column("agreed", sa.LargeBinary),
        sa.Column("course", sa.LargeBinary),
        sa.Column("answer", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_experiment"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_experiment_person_id", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_experiment_person_id", "experiment", ["person_id"])
    op.create_index("ix_experiment_due", "experiment", ["next_due_at"], sqlite_where=_DUE, postgresql_where=_DUE)
    op.create_index(
        "ix_experiment_current",
        "experiment",
        ["person_id"],
        unique=True,
        sqlite_where=_CURRENT,
        postgresql_where=_CURRENT,
    )


def _make_photos() -> None:
    op.create_table(
        "experiment_photo",
        sa.Column("id", _ID, nullable=False),
        sa.Column("experiment_id", _ID, nullable=False),
        sa.Column("report_id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("finding", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_experiment_photo"),
        sa.UniqueConstraint("experiment_id", "report_id", name="uq_experiment_photo_experiment_id_report_id"),
        sa.ForeignKeyConstraint(
            ["experiment_id"], ["experiment.id"], name="fk_experiment_photo_experiment_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_experiment_photo_report_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_experiment_photo_person_id", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_experiment_photo_report_id", "experiment_photo", ["report_id"])
    op.create_index("ix_experiment_photo_person_id", "experiment_photo", ["person_id"])
