"""Memos: proposals and memoranda."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "memos",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("addressee", sa.Text, nullable=False),
        sa.Column("subject", ForeignText, nullable=False),
        sa.Column("text", ForeignText, nullable=False),
        sa.Column("papers", sa.JSON, nullable=False),
        sa.Column("writer", KEY, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("number", ForeignText, nullable=False),
        sa.Column("sent_on", sa.Date),
        sa.Column("answer_by", sa.Date),
        sa.Column("answer", ForeignText, nullable=False),
        sa.Column("answered_on", sa.Date),
        sa.ForeignKeyConstraint(["writer"], ["users.id"], name=op.f("fk_memos_writer_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memos")),
        sa.CheckConstraint(
            "state IN ('draft', 'sent', 'accepted', 'declined', 'deferred', 'dropped')",
            name=op.f("ck_memos_state"),
        ),
        sa.CheckConstraint("kind IN ('proposal', 'memorandum', 'breach')", name=op.f("ck_memos_kind")),
        sa.CheckConstraint("addressee IN ('mayor', 'department')", name=op.f("ck_memos_addressee")),
        sa.CheckConstraint("(state IN ('draft', 'dropped')) = (sent_on IS NULL)", name=op.f("ck_memos_sent")),
        sa.CheckConstraint(
            "(state IN ('draft', 'dropped', 'sent')) = (answered_on IS NULL)",
            name=op.f("ck_memos_unanswered"),
        ),
    )
