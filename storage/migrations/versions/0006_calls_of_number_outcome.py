"""The index by which one sees at once whether somebody has talked with a number since it was missed."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_calls_of_number_outcome", "calls", ["number", "outcome", "arrived_at"], unique=False)
