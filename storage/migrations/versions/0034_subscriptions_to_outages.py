"""Subscriptions to outages, by address or by outage."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage_subscriptions",
        sa.Column("id", KEY, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("contact", ForeignText(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("street", ForeignText(), nullable=False),
        sa.Column("house", ForeignText(), nullable=False),
        sa.Column("quarter", ForeignText(), nullable=False),
        sa.Column("outage_id", KEY, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("confirmed_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outage_subscriptions"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name="fk_outage_subscriptions_outage_id"),
    )
    op.create_index(
        "ix_outage_subscriptions_of_contact", "outage_subscriptions", ["contact", "channel", "asked_at"]
    )
