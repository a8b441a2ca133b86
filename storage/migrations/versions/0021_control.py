"""Control counts what was received, and lists what the head keeps an eye on."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_appeals_received", "appeals", ["registered_at", "executor_id", "state"])
    op.create_index(
        "ix_appeals_controlled",
        "appeals",
        ["due_at", "number"],
        sqlite_where=sa.text("controlled = 1"),
        postgresql_where=sa.text("controlled"),
    )
