"""How often somebody whose place was kept was called back in vain: offers that rang nobody do not count."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("places", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE places SET rung = offers WHERE callback_to IS NOT NULL AND state <> 'left'")
