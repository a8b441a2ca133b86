"""Masters of recordings, and what is measured in them."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None

_WITH_SIDES = sa.text("mastered_at IS NOT NULL AND sides_gone_at IS NULL")


def upgrade() -> None:
    op.add_column("recordings", sa.Column("master_file", sa.Text))
    op.add_column("recordings", sa.Column("mastered_at", Moment))
    op.add_column("recordings", sa.Column("sides_gone_at", Moment))
    op.create_index(
        "ix_recordings_with_sides",
        "recordings",
        ["mastered_at"],
        sqlite_where=_WITH_SIDES,
        postgresql_where=_WITH_SIDES,
    )
    op.create_table(
        "recording_figures",
        sa.Column("recording_id", sa.Text, nullable=False),
        sa.Column("caller_seconds", sa.Float, nullable=False),
        sa.Column("dispatcher_seconds", sa.Float),
        sa.Column("silence_seconds", sa.Float, nullable=False),
        sa.Column("longest_silence", sa.Float, nullable=False),
        sa.Column("talk_over_seconds", sa.Float),
        sa.Column("marks", sa.JSON, nullable=False),
        sa.Column("peaks", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("recording_id", name=op.f("pk_recording_figures")),
        sa.ForeignKeyConstraint(
            ["recording_id"],
            ["recordings.id"],
            name=op.f("fk_recording_figures_recording_id"),
            ondelete="CASCADE",
        ),
    )
