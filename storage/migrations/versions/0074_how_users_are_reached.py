"""Users have a telephone and an e-mail address of their own, at which colleagues reach them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import ForeignText

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("telephone", sa.Text))
    op.add_column("users", sa.Column("email", ForeignText))


def downgrade() -> None:
    op.drop_column("users", "email")
    op.drop_column("users", "telephone")
