"""The secret of a token before the present one, which stays good for a while."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_tokens", sa.Column("old_hash", sa.Text))
    op.add_column("api_tokens", sa.Column("old_until", Moment))
    op.create_index("ix_api_tokens_old_hash", "api_tokens", ["old_hash"])
