"""Photos that residents send in chats, until an appeal has them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0129"
down_revision = "0128"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chat_photos",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("chat_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("for_person", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_chat_photos_chat_id_chats")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_chat_photos")),
        sa.UniqueConstraint("chat_id", "sha256", name=op.f("uq_chat_photos_chat_id")),
    )
    op.create_index("ix_resident_reports_of_sender", "resident_reports", ["sender", "at"])
