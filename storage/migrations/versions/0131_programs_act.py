"""Programs act on tasks and on requests for information: the histories name their tokens."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY

revision = "0131"
down_revision = "0130"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task_history", sa.Column("token_id", KEY))
    op.add_column("inquiry_history", sa.Column("token_id", KEY))
    op.add_column("inquiries", sa.Column("once", sa.Text))
    op.create_index("uq_inquiries_once", "inquiries", ["once"], unique=True)
