"""The city's own map in versions; indexes of the figures that /city shows."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_maps",
        sa.Column("id", KEY, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("source", ForeignText, nullable=False),
        sa.Column("shapes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_maps")),
    )
    op.create_index("ix_appeals_closed", "appeals", ["state", "state_since", "registered_at", "due_at"])
    op.create_index("ix_appeals_topics", "appeals", ["registered_at", "category"])
