"""Sounds are found in the order of their time, without reading all of them."""

from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_voice_messages_began_at"), "voice_messages", ["began_at"])
    op.create_index("ix_stored_sounds_stored_at", "stored_sounds", ["stored_at", "name", "bytes"])
