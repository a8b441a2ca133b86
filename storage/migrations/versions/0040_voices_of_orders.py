"""A person's voice says an order."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("informing_orders", sa.Column("voice", sa.Text(), nullable=False, server_default=""))
    op.add_column("campaigns", sa.Column("phrase", sa.Text(), nullable=False, server_default=""))
