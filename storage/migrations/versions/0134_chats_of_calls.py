"""Chats in which a call goes on: one of each call at most."""

import sqlalchemy as sa
from alembic import op

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("from_call", sa.Text))
    op.create_index("ix_chats_from_call", "chats", ["from_call"], unique=True)
