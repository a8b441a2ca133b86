"""The chain of recordings, and the seals of its days."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

_ERASED = sa.text("erased_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "recording_links",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("recording_id", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("erased_at", Moment),
        sa.Column("erased_by", sa.Text),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_recording_links")),
        sa.UniqueConstraint("recording_id", name=op.f("uq_recording_links_recording_id")),
        sa.CheckConstraint(
            "(erased_at IS NULL) = (erased_by IS NULL)", name=op.f("ck_recording_links_erased")
        ),
    )
    op.create_index(
        "ix_recording_links_erased",
        "recording_links",
        ["erased_at"],
        sqlite_where=_ERASED,
        postgresql_where=_ERASED,
    )
    op.create_table(
        "recording_seals",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("previous", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("sealed_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_recording_seals")),
    )
