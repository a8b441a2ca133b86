"""A routing rule can be switched off and stay."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "routing_rules", sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
    )
