"""Whether a campaign is done is seen at a glance; whom it did not call after all does not count as called."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("campaign_people", sa.Column("called_before", Moment(), nullable=True))
    unended = sa.text("state IN ('due', 'claimed')")
    op.create_index(
        "ix_campaign_people_unended",
        "campaign_people",
        ["campaign_id", "state"],
        sqlite_where=unended,
        postgresql_where=unended,
    )
