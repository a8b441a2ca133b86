"""Subscriptions by the moment in which they were confirmed: the latest are looked for every other second."""

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outage_subscriptions_confirmed_at", "outage_subscriptions", ["confirmed_at"])
