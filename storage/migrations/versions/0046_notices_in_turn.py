"""Notices that are owed are found in the very order in which they are claimed, so that few are looked at."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

OWED = sa.text("state = 'owed'")


def upgrade() -> None:
    op.drop_index("ix_notices_owed", "notices")
    op.create_index(
        "ix_notices_owed", "notices", ["channel", "due_at", "id"], sqlite_where=OWED, postgresql_where=OWED
    )
