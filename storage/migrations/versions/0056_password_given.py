"""A password that somebody else has given is changed at the first sign-in."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("password_given", sa.Boolean, nullable=False, server_default=sa.false()))
