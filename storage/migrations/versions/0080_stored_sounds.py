"""Sounds that were put into a store elsewhere."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stored_sounds",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text),
        sa.Column("stored_at", Moment),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_stored_sounds")),
    )
