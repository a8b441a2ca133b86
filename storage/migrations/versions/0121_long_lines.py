"""Who waits first, who is ready, and what keeps a dispatcher engaged are found at once in a long line."""

from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE INDEX ix_queue_entries_waiting ON queue_entries (priority DESC, entered_at, call_id) "
        "WHERE state = 'waiting'"
    )
    op.execute(
        "CREATE INDEX ix_queue_entries_of_dispatcher ON queue_entries (dispatcher_id) WHERE state <> 'left'"
    )
    op.create_index("ix_dispatchers_presence", "dispatchers", ["presence"])
