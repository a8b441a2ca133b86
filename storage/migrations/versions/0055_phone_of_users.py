"""Users name the telephone from which they press their personal code."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("phone", sa.Text))


def downgrade() -> None:
    op.drop_column("users", "phone")
