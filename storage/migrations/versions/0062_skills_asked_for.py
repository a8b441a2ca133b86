"""A caller waits for a skill until a moment, and an emergency for none."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

_CHECK = "anybody_from IS NULL OR (skill IS NOT NULL AND priority < 20)"
_NAMED = f"CONSTRAINT ck_queue_entries_anybody CHECK ({_CHECK})"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # which adds no constraint to a table, but one with a column
        op.execute(f"ALTER TABLE queue_entries ADD COLUMN anybody_from DATETIME {_NAMED}")
        return
    op.add_column("queue_entries", sa.Column("anybody_from", Moment))
    op.create_check_constraint(op.f("ck_queue_entries_anybody"), "queue_entries", _CHECK)
