"""Pictures of statements for media and the Internet."""

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("statements", "statement_versions"):
        op.add_column(table, sa.Column("picture", sa.JSON))
