"""Who is making the sums of a day: of two at once, the one whose row is gone fills in nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0143"
down_revision = "0142"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("line_days", sa.Column("maker", sa.Text))
