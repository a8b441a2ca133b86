"""Places in the line are kept for callers who are called back."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("places", sa.Column("callback_to", sa.Text(), nullable=True))
    op.add_column("places", sa.Column("not_before", Moment(), nullable=True))
    kept = sa.text("callback_to IS NOT NULL")
    op.create_index(
        "ix_places_kept",
        "places",
        ["callback_to", "entered_at"],
        sqlite_where=kept,
        postgresql_where=kept,
    )
