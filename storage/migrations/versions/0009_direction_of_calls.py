"""Who called whom: calls that the hotline itself places stand in the call log too."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    direction = sa.Column("direction", sa.Text(), nullable=False, server_default="incoming")
    op.add_column("calls", direction)
