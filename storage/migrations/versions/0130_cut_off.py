"""A place whose caller a fault of ours cut off: they are called at once."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("queue_entries", sa.Column("cut_at", Moment))
