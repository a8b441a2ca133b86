"""Chats whose lines a messenger has not been given are found by an index: it is asked after each change."""

import sqlalchemy as sa
from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None

_UNSENT = sa.text("sent < lines")


def upgrade() -> None:
    op.create_index(
        "ix_chats_unsent",
        "chats",
        ["medium", "changed_at"],
        sqlite_where=_UNSENT,
        postgresql_where=_UNSENT,
    )
