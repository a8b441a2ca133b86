"""An executor's appeals in the order of registration; citizens found again by their whole names."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_appeals_executor", "appeals", ["executor_id", "registered_at", "number"])
    op.create_index("ix_citizens_name", "citizens", ["name"])
