"""Chats of messengers: what was received is taken once, what was on its way is known."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import ForeignText

revision = "0117"
down_revision = "0116"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("chats", sa.Column("sending", sa.Integer))
    op.add_column("chat_lines", sa.Column("received", ForeignText, nullable=False, server_default=""))
