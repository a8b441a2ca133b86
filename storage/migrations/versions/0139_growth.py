"""Indexes by which the nightly sweep finds the oldest journeys, and old calls that still name somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # In PostgreSQL they were built before, beside the writers (`storage.migrations.built_before`).
    named = sa.text("(number IS NOT NULL OR shown <> '')")
    op.create_index(
        "ix_calls_with_number",
        "calls",
        ["ended_at"],
        sqlite_where=named,
        postgresql_where=named,
        if_not_exists=True,
    )
    op.create_index("ix_journey_steps_at", "journey_steps", ["at"], if_not_exists=True)
