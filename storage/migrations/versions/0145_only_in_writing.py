"""Appeals whose applicants want no call about them, though they are told by short message."""

import sqlalchemy as sa
from alembic import op

revision = "0145"
down_revision = "0144"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "appeals", sa.Column("only_in_writing", sa.Boolean, nullable=False, server_default=sa.false())
    )
