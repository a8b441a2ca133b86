"""An index of the lines of history that moved a state, for programs that follow the whole register."""

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

_MOVED = "NOT hidden AND state_before <> state_after"


def upgrade() -> None:
    op.create_index(
        "ix_appeal_history_moved",
        "appeal_history",
        ["at", "id"],
        sqlite_where=sa.text(_MOVED),
        postgresql_where=sa.text(_MOVED),
    )


def downgrade() -> None:
    op.drop_index("ix_appeal_history_moved", "appeal_history")
