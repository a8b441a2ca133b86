"""The city's cameras, the log of who watched them, and stills of incidents."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import IN_ORDER, KEY, ForeignText, Moment

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cameras",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", IN_ORDER, nullable=False),
        sa.Column("place", ForeignText, nullable=False),
        sa.Column("group", IN_ORDER, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("url", ForeignText, nullable=False),
        sa.Column("user", ForeignText, nullable=False),
        sa.Column("password", ForeignText, nullable=False),
        sa.Column("source_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by", KEY, nullable=False),
        sa.Column("out_since", Moment),
        sa.Column("out_because", ForeignText, nullable=False),
        sa.Column("removed_at", Moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cameras")),
        *_references("cameras", changed_by="users"),
        sa.CheckConstraint("kind IN ('mjpeg', 'hls', 'rtsp')", name=op.f("ck_cameras_kind")),
        sa.CheckConstraint("removed_at IS NULL OR url = ''", name=op.f("ck_cameras_removed")),
    )
    op.create_table(
        "camera_watches",
        sa.Column("id", KEY, nullable=False),
        sa.Column("camera_id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_watches")),
        *_references("camera_watches", camera_id="cameras", user_id="users"),
        sa.CheckConstraint("since <= until", name=op.f("ck_camera_watches_order")),
    )
    op.create_index(op.f("ix_camera_watches_until"), "camera_watches", ["until"])
    op.create_index("ix_camera_watches_going_on", "camera_watches", ["camera_id", "user_id", "until"])
    op.create_table(
        "camera_stills",
        sa.Column("id", KEY, nullable=False),
        sa.Column("camera_id", KEY, nullable=False),
        sa.Column("camera", ForeignText, nullable=False),
        sa.Column("place", ForeignText, nullable=False),
        sa.Column("taken_at", Moment, nullable=False),
        sa.Column("taken_by", KEY, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("bytes", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("category", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_camera_stills")),
        *_references("camera_stills", camera_id="cameras", taken_by="users"),
    )
    op.create_index(op.f("ix_camera_stills_taken_at"), "camera_stills", ["taken_at"])
    op.create_index(op.f("ix_camera_stills_number"), "camera_stills", ["number"])


def _references(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, of in columns.items()
    ]
