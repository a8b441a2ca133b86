"""Requests for information to enterprises, with their history and files."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None

_STATES = "'asked', 'answered', 'returned', 'accepted', 'withdrawn'"


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("executor_id", KEY, nullable=False),
        sa.Column("text", ForeignText, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("answer", ForeignText, nullable=False),
        sa.Column("answered_at", Moment),
        sa.Column("in_time", sa.Boolean),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["executors.id"], name=op.f("fk_inquiries_executor_id_executors")
        ),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_inquiries_asked_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_inquiries_state")),
        sa.CheckConstraint("(answered_at IS NULL) = (in_time IS NULL)", name=op.f("ck_inquiries_answered")),
        sa.CheckConstraint(
            "state NOT IN ('answered', 'returned', 'accepted') OR answered_at IS NOT NULL",
            name=op.f("ck_inquiries_answer"),
        ),
    )
    op.create_index(op.f("ix_inquiries_asked_at"), "inquiries", ["asked_at"])
    op.create_index("ix_inquiries_state", "inquiries", ["state", "due_at"])
    op.create_index("ix_inquiries_executor", "inquiries", ["executor_id", "state"])
    op.create_table(
        "inquiry_appeals",
        sa.Column("inquiry_id", KEY, nullable=False, autoincrement=False),
        sa.Column("number", sa.Text, nullable=False),
        _of_inquiry("inquiry_appeals"),
        sa.PrimaryKeyConstraint("inquiry_id", "number", name=op.f("pk_inquiry_appeals")),
    )
    op.create_index(op.f("ix_inquiry_appeals_number"), "inquiry_appeals", ["number"])
    op.create_table(
        "inquiry_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inquiry_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("act", sa.Text),
        sa.Column("said", ForeignText, nullable=False),
        sa.Column("due_at", Moment),
        _of_inquiry("inquiry_history"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_inquiry_history_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_history")),
    )
    op.create_index(op.f("ix_inquiry_history_inquiry_id"), "inquiry_history", ["inquiry_id"])
    op.create_table(
        "inquiry_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("inquiry_id", KEY, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("name", ForeignText, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("uploaded_by", KEY),
        sa.Column("uploaded_at", Moment, nullable=False),
        _of_inquiry("inquiry_files"),
        sa.ForeignKeyConstraint(
            ["uploaded_by"], ["users.id"], name=op.f("fk_inquiry_files_uploaded_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiry_files")),
        sa.UniqueConstraint("key", name=op.f("uq_inquiry_files_key")),
    )
    op.create_index(op.f("ix_inquiry_files_inquiry_id"), "inquiry_files", ["inquiry_id"])


def _of_inquiry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["inquiry_id"], ["inquiries.id"], name=op.f(f"fk_{table}_inquiry_id_inquiries")
    )
