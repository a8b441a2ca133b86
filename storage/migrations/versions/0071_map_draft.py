"""A map that was brought in and is not shown yet."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_map_drafts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("source", ForeignText, nullable=False),
        sa.Column("shapes", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_map_drafts")),
        sqlite_autoincrement=True,
    )
