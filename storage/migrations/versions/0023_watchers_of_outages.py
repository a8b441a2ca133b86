"""Watchers of outages: who is told when one is over or its end moves."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage_watchers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outage_id", KEY, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", ForeignText(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outage_watchers"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name="fk_outage_watchers_outage_id"),
        sa.UniqueConstraint(
            "outage_id", "channel", "address", name="uq_outage_watchers_outage_id_channel_address"
        ),
    )
