"""A history keeps each citizen's card as it was before a correction."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "citizen_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("citizen_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("numbers", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citizen_history")),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name=op.f("fk_citizen_history_citizen_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_citizen_history_user_id")),
    )
    op.create_index("ix_citizen_history_citizen_id", "citizen_history", ["citizen_id"])
