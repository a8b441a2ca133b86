"""What callers answered by keys when they were asked where something is off."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import ForeignText, Moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "number_places",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("street", ForeignText(), nullable=False),
        sa.Column("house", ForeignText(), nullable=False),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", "street", "house", name="pk_number_places"),
    )
