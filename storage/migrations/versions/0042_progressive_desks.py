"""Desks that call back one person after another by themselves."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progressive_desks",
        sa.Column("dispatcher_id", KEY, nullable=False, autoincrement=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("shown_at", Moment(), nullable=True),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("dispatcher_id", name="pk_progressive_desks"),
        sa.ForeignKeyConstraint(
            ["dispatcher_id"], ["dispatchers.id"], name="fk_progressive_desks_dispatcher_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_progressive_desks_user_id"),
    )
