"""The index behind the list of calls that were placed by us, or that came in."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_calls_direction", "calls", ["direction", "arrived_at"], unique=False)
