"""Chats: conversations in writing, and their lines."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chats",
        sa.Column("id", KEY, nullable=False),
        sa.Column("medium", sa.Text, nullable=False),
        sa.Column("address", ForeignText, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("waits_since", Moment),
        sa.Column("user_id", KEY),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_chats_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chats")),
        sa.CheckConstraint("medium IN ('web', 'telegram', 'sms')", name=op.f("ck_chats_medium")),
        sa.CheckConstraint("state IN ('asking', 'waiting', 'talking', 'over')", name=op.f("ck_chats_state")),
        sa.CheckConstraint("state <> 'waiting' OR waits_since IS NOT NULL", name=op.f("ck_chats_waiting")),
        sa.CheckConstraint("state <> 'talking' OR user_id IS NOT NULL", name=op.f("ck_chats_talking")),
    )
    op.create_index(op.f("ix_chats_address"), "chats", ["medium", "address"])
    op.create_index(op.f("ix_chats_state"), "chats", ["state", "changed_at"])
    op.create_table(
        "chat_lines",
        sa.Column("chat_id", KEY, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", ForeignText, nullable=False),
        sa.Column("asked", ForeignText, nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("user_id", KEY),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_chat_lines_chat_id_chats")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_chat_lines_user_id_users")),
        sa.PrimaryKeyConstraint("chat_id", "number", name=op.f("pk_chat_lines")),
        sa.CheckConstraint(
            "kind IN ('station', 'asked', 'answered', 'did', 'wrote', 'replied', 'told')",
            name=op.f("ck_chat_lines_kind"),
        ),
        sa.CheckConstraint("(kind = 'replied') = (user_id IS NOT NULL)", name=op.f("ck_chat_lines_replied")),
    )
