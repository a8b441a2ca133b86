"""Watchers of an outage by the version that they know of."""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outage_watchers_behind", "outage_watchers", ["outage_id", "version"])
