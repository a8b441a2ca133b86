"""An index of what somebody of an enterprise was given: their newest are read, not all of the enterprise."""

import sqlalchemy as sa
from alembic import op

revision = "0147"
down_revision = "0146"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In PostgreSQL it was built before, beside the writers (`storage.migrations.built_before`).
    passed = sa.text("assignee_id IS NOT NULL")
    op.create_index(
        "ix_appeals_assignee",
        "appeals",
        ["assignee_id", "registered_at", "number"],
        sqlite_where=passed,
        postgresql_where=passed,
        if_not_exists=True,
    )
