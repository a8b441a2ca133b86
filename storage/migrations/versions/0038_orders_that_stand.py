"""Orders are told to whoever comes as well, until a moment."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("informing_orders", sa.Column("until", Moment(), nullable=True))
