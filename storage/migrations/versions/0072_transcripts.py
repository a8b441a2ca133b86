"""Transcripts of voice messages."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0072"
down_revision = "0071"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "transcripts",
        sa.Column("sound", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("words", sa.JSON, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("model", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("corrected", sa.Text),
        sa.Column("corrected_by", KEY),
        sa.Column("corrected_at", Moment),
        sa.PrimaryKeyConstraint("sound", name=op.f("pk_transcripts")),
        sa.ForeignKeyConstraint(
            ["sound"], ["voice_messages.id"], name=op.f("fk_transcripts_sound"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["corrected_by"], ["users.id"], name=op.f("fk_transcripts_corrected_by")),
        sa.CheckConstraint(
            "(corrected IS NULL) = (corrected_by IS NULL) AND (corrected IS NULL) = (corrected_at IS NULL)",
            name=op.f("ck_transcripts_corrected"),
        ),
    )
