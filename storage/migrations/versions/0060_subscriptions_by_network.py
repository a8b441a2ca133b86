"""A subscription remembers the part of the network whence it was asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outage_subscriptions", sa.Column("network", sa.Text, nullable=False, server_default=""))
