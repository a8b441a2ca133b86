"""Meetings, their invitees, and the versions of their minutes."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meetings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("topic", ForeignText, nullable=False),
        sa.Column("begins_at", Moment, nullable=False),
        sa.Column("minutes_long", sa.Integer, nullable=False),
        sa.Column("place", ForeignText, nullable=False),
        sa.Column("host", ForeignText, nullable=False),
        sa.Column("agenda", sa.JSON, nullable=False),
        sa.Column("caller", KEY, nullable=False),
        sa.Column("secretary", KEY, nullable=False),
        sa.Column("why", ForeignText, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["caller"], ["users.id"], name=op.f("fk_meetings_caller_users")),
        sa.ForeignKeyConstraint(["secretary"], ["users.id"], name=op.f("fk_meetings_secretary_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.CheckConstraint(
            "state IN ('draft', 'called', 'held', 'called-off')", name=op.f("ck_meetings_state")
        ),
        sa.CheckConstraint("(state = 'called-off') = (why <> '')", name=op.f("ck_meetings_why")),
    )
    op.create_index(op.f("ix_meetings_begins_at"), "meetings", ["begins_at"])
    op.create_table(
        "meeting_invitees",
        sa.Column("id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("name", ForeignText, nullable=False),
        sa.Column("email", ForeignText, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", Moment),
        sa.Column("said", ForeignText, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_invitees_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_meeting_invitees_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_invitees")),
        sa.CheckConstraint(
            "answer IN ('asked', 'comes', 'declines', 'sends', 'struck')",
            name=op.f("ck_meeting_invitees_answer"),
        ),
    )
    op.create_index(op.f("ix_meeting_invitees_meeting_id"), "meeting_invitees", ["meeting_id"])
    op.create_index(op.f("ix_meeting_invitees_user_id"), "meeting_invitees", ["user_id"])
    op.create_index(
        op.f("uq_meeting_invitees_user"), "meeting_invitees", ["meeting_id", "user_id"], unique=True
    )
    op.create_table(
        "meeting_minutes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("meeting_id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("content", ForeignText, nullable=False),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("returned", ForeignText, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.Column("saved_by", KEY, nullable=False),
        sa.Column("presented_at", Moment),
        sa.Column("presented_by", KEY),
        sa.Column("signed_at", Moment),
        sa.Column("signed_by", KEY),
        sa.Column("digest", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_minutes_meeting_id_meetings")
        ),
        sa.ForeignKeyConstraint(["saved_by"], ["users.id"], name=op.f("fk_meeting_minutes_saved_by_users")),
        sa.ForeignKeyConstraint(
            ["presented_by"], ["users.id"], name=op.f("fk_meeting_minutes_presented_by_users")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["users.id"], name=op.f("fk_meeting_minutes_signed_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_minutes")),
        sa.CheckConstraint(
            "state IN ('draft', 'presented', 'signed')", name=op.f("ck_meeting_minutes_state")
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (presented_at IS NULL) AND (presented_at IS NULL) = (presented_by IS NULL)",
            name=op.f("ck_meeting_minutes_presented"),
        ),
        sa.CheckConstraint(
            "(state = 'signed') = (signed_at IS NOT NULL) AND (signed_at IS NULL) = (signed_by IS NULL) "
            "AND (signed_by IS NULL OR signed_by <> presented_by)",
            name=op.f("ck_meeting_minutes_signed"),
        ),
    )
    op.create_index(
        op.f("uq_meeting_minutes_version"), "meeting_minutes", ["meeting_id", "version"], unique=True
    )
    op.create_index(
        op.f("uq_meeting_minutes_open"),
        "meeting_minutes",
        ["meeting_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'signed'"),
        postgresql_where=sa.text("state <> 'signed'"),
    )
