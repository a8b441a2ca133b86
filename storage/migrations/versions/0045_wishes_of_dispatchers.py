"""What a dispatcher who is engaged is to be afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dispatchers", sa.Column("wish", sa.Text(), nullable=True))
    op.add_column("dispatchers", sa.Column("wish_reason", sa.Text(), nullable=True))
