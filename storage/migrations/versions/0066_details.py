"""Answers to the questions of a category are kept with the appeal."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appeals", sa.Column("details", sa.JSON, nullable=False, server_default="[]"))
