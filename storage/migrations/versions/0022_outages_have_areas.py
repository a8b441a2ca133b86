"""Outages have areas, a reason, an enterprise and a history."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outages") as outages:
        outages.add_column(sa.Column("areas", sa.JSON(), nullable=False, server_default="[]"))
        outages.add_column(sa.Column("reason", ForeignText(), nullable=False, server_default=""))
        outages.add_column(sa.Column("by_order", ForeignText(), nullable=False, server_default=""))
        outages.add_column(sa.Column("executor_id", KEY, nullable=True))
        outages.add_column(sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
        outages.add_column(sa.Column("entered_at", Moment(), nullable=True))
        outages.add_column(sa.Column("source", sa.Text(), nullable=False, server_default="service"))
        outages.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        outages.create_foreign_key("fk_outages_executor_id", "executors", ["executor_id"], ["id"])
    op.execute("UPDATE outages SET entered_at = starts_at")
    with op.batch_alter_table("outages") as outages:
        outages.alter_column("entered_at", existing_type=Moment(), nullable=False)
    op.create_index("ix_outages_newest", "outages", ["starts_at", "id"])
    op.create_index("ix_outages_of_executor", "outages", ["executor_id", "starts_at"])
    op.create_table(
        "outage_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outage_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("executor_id", KEY, nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", ForeignText(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outage_history"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name="fk_outage_history_outage_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_outage_history_user_id"),
        sa.ForeignKeyConstraint(["executor_id"], ["executors.id"], name="fk_outage_history_executor_id"),
        sa.UniqueConstraint("outage_id", "version", name="uq_outage_history_outage_id_version"),
    )
