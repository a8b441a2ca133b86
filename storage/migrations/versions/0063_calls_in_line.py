"""When each call came into the line and a dispatcher first spoke; who was present is found by time."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None

_FIRST = """
    UPDATE calls SET {column} = first.at
    FROM (SELECT call_id, min(at) AS at FROM journey_steps WHERE {which} GROUP BY call_id) AS first
    WHERE first.call_id = calls.id
"""
_DETAIL = "CAST(detail AS text)"


def upgrade() -> None:
    op.add_column("calls", sa.Column("joined_at", Moment))
    op.add_column("calls", sa.Column("talked_at", Moment))
    op.execute(_FIRST.format(column="joined_at", which="step IN ('joined-line', 'fell-back')"))
    with_contacts = f"({_DETAIL} LIKE '%\"contact\"%' OR {_DETAIL} LIKE '%\"with\"%')"
    op.execute(_FIRST.format(column="talked_at", which=f"step = 'talk-started' AND NOT {with_contacts}"))
    op.drop_index("ix_presence_history_dispatcher_id", "presence_history")
    op.create_index("ix_presence_history_of_dispatcher", "presence_history", ["dispatcher_id", "at"])
