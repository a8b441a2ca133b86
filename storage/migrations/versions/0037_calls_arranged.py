"""Calls that dispatchers have arranged."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_callbacks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("wanted_at", Moment(), nullable=False),
        sa.Column("why", ForeignText(), nullable=False),
        sa.Column("arranged_by", KEY, nullable=False),
        sa.Column("arranged_at", Moment(), nullable=False),
        sa.Column("for_user_id", KEY, nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("appeal_number", sa.Text(), nullable=True),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_result", sa.Text(), nullable=True),
        sa.Column("last_call_id", sa.Text(), nullable=True),
        sa.Column("claimed_by", KEY, nullable=True),
        sa.Column("claimed_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_scheduled_callbacks"),
        sa.ForeignKeyConstraint(["arranged_by"], ["users.id"], name="fk_scheduled_callbacks_arranged_by"),
        sa.ForeignKeyConstraint(["for_user_id"], ["users.id"], name="fk_scheduled_callbacks_for_user_id"),
        sa.ForeignKeyConstraint(["claimed_by"], ["users.id"], name="fk_scheduled_callbacks_claimed_by"),
    )
    op.create_index("ix_scheduled_callbacks_due", "scheduled_callbacks", ["state", "due_at"])
