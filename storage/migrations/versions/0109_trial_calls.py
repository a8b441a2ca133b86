"""Trial calls of training with the demo citizen."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trial_calls",
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("scenario", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("entered", sa.JSON),
        sa.Column("entered_at", Moment),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_trial_calls")),
        sa.ForeignKeyConstraint(
            ["dispatcher_id"], ["dispatchers.id"], name=op.f("fk_trial_calls_dispatcher_id_dispatchers")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_trial_calls_user_id_users")),
        sa.CheckConstraint("(entered IS NULL) = (entered_at IS NULL)", name=op.f("ck_trial_calls_entered")),
    )
    op.create_index(op.f("ix_trial_calls_dispatcher_id"), "trial_calls", ["dispatcher_id"])
