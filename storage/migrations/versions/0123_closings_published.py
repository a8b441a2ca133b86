"""Closings are published: a signed digest of each day, and the keys that signed them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0123"
down_revision = "0122"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "closing_digests",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_closing_digests")),
        sa.UniqueConstraint("number", name=op.f("uq_closing_digests_number")),
        sa.CheckConstraint("number > 0", name=op.f("ck_closing_digests_number")),
    )
    op.create_table(
        "closing_keys",
        sa.Column("place", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("since", sa.Date, nullable=False),
        sa.Column("signature", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_closing_keys")),
        sa.UniqueConstraint("key", name=op.f("uq_closing_keys_key")),
        sa.CheckConstraint("place >= 0", name=op.f("ck_closing_keys_place")),
    )
