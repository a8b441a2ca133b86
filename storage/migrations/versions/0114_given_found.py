"""When an appeal was given is found by an index: reports ask it of each that was closed."""

import sqlalchemy as sa
from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None

_GIVEN = sa.text("state_after = 'assigned'")


def upgrade() -> None:
    op.create_index(
        "ix_appeal_history_given",
        "appeal_history",
        ["number", "version", "at", "state_before", "act"],
        sqlite_where=_GIVEN,
        postgresql_where=_GIVEN,
    )
