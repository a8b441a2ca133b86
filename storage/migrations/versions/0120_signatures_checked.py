"""A signature's file of a record says what came of checking it."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("record_files", sa.Column("signatures", sa.JSON(none_as_null=True)))
    op.add_column("record_files", sa.Column("checked_at", Moment))
