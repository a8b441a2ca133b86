"""Each call ends once: the service's word and Asterisk's own account can come in the same moment."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

ENDED = sa.text("step = 'ended'")


def upgrade() -> None:
    op.execute(
        "DELETE FROM journey_steps WHERE step = 'ended' AND EXISTS ("
        "SELECT 1 FROM journey_steps AS first WHERE first.call_id = journey_steps.call_id"
        " AND first.step = 'ended' AND first.number < journey_steps.number)"
    )
    op.create_index(
        "uq_journey_steps_ended",
        "journey_steps",
        ["call_id"],
        unique=True,
        sqlite_where=ENDED,
        postgresql_where=ENDED,
    )
