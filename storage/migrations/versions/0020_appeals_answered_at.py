"""The index by which whoever calls finds the appeals that are answered at their number."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    filled = sa.text("reply_to <> ''")
    op.create_index(
        "ix_appeals_answered_at",
        "appeals",
        ["reply_to"],
        sqlite_where=filled,
        postgresql_where=filled,
    )
