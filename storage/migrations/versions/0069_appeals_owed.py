"""An index of what is owed by its term, on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

_COLUMNS = (
    *("due_at", "number", "registered_at", "state", "kind", "category"),
    *("urgency", "sign", "registered_by", "executor_id"),
)
_OWED = "state IN ('accepted', 'assigned', 'disputed', 'in-work', 'registered')"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_index("ix_appeals_owed", "appeals", [*_COLUMNS], postgresql_where=sa.text(_OWED))
