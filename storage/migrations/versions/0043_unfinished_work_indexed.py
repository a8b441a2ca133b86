"""What is not worked off yet is found without a look at all that ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

NOT_COPIED = sa.text("listening_file IS NULL")
NOT_MEASURED = sa.text("seconds IS NULL")
OPEN = sa.text("ended_at IS NULL")
UNSENT = sa.text("state IN ('owed', 'claimed', 'failed', 'unsure') AND channel <> 'page'")


def upgrade() -> None:
    op.create_index(
        "ix_recordings_unfinished",
        "recordings",
        ["started_at", "id"],
        sqlite_where=NOT_COPIED,
        postgresql_where=NOT_COPIED,
    )
    op.create_index(
        "ix_voice_messages_unfinished",
        "voice_messages",
        ["began_at", "id"],
        sqlite_where=NOT_MEASURED,
        postgresql_where=NOT_MEASURED,
    )
    op.create_index("ix_talks_open", "talks", ["dispatcher_id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "ix_notices_unsent", "notices", ["channel", "state"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )
