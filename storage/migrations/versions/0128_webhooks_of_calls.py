"""Webhooks are told of the dispatchers' presence as well: each has a place in its history."""

import sqlalchemy as sa
from alembic import op

revision = "0128"
down_revision = "0127"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("presence_place", sa.BigInteger, nullable=False, server_default="0"))
