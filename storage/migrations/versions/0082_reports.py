"""Papers of reports, how they are made, and built reports that are sent by themselves."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

_KINDS = "kind IN ('day', 'week', 'month', 'quarter')"
_HOUR = "hour BETWEEN 0 AND 23"


_INDEXES = (
    ("disputed", ["number"], "act = 'dispute'"),
    ("taken_down", ["number", "at"], "act = 'confirm' AND user_id IS NOT NULL"),
    ("taken_up", ["number", "version", "at"], "state_before = 'assigned' AND state_after = 'accepted'"),
)


def upgrade() -> None:
    for name, columns, where in _INDEXES:
        op.create_index(
            f"ix_appeal_history_{name}",
            "appeal_history",
            columns,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "report_papers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", ForeignText, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("made_by", KEY),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("signed_at", Moment),
        sa.Column("signed_by", KEY),
        sa.Column("signer", ForeignText, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_papers")),
        sa.UniqueConstraint("kind", "first", "version", name="uq_report_papers_kind_first_version"),
        sa.ForeignKeyConstraint(["made_by"], ["users.id"], name=op.f("fk_report_papers_made_by_users")),
        sa.ForeignKeyConstraint(["signed_by"], ["users.id"], name=op.f("fk_report_papers_signed_by_users")),
        sa.CheckConstraint(_KINDS, name=op.f("ck_report_papers_kind")),
        sa.CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name=op.f("ck_report_papers_signed")),
        sa.CheckConstraint("(version = 1) = (reason = '')", name=op.f("ck_report_papers_reason")),
    )
    op.create_index("ix_report_papers_newest", "report_papers", ["last", "id"])
    op.create_table(
        "report_plans",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("made", sa.Boolean, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("sends", sa.Text, nullable=False),
        sa.Column("addresses", sa.JSON, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by", KEY, nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_report_plans")),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_report_plans_changed_by_users")),
        sa.CheckConstraint(_KINDS, name=op.f("ck_report_plans_kind")),
        sa.CheckConstraint("sends IN ('signed', 'made')", name=op.f("ck_report_plans_sends")),
        sa.CheckConstraint(_HOUR, name=op.f("ck_report_plans_hour")),
    )
    op.create_table(
        "report_schedules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("view_id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("addresses", sa.JSON, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("sent_first", sa.Date),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedules")),
        sa.ForeignKeyConstraint(
            ["view_id"],
            ["saved_views.id"],
            name=op.f("fk_report_schedules_view_id_saved_views"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_report_schedules_user_id_users")),
        sa.CheckConstraint(_KINDS, name=op.f("ck_report_schedules_kind")),
        sa.CheckConstraint(_HOUR, name=op.f("ck_report_schedules_hour")),
    )
    op.create_index(op.f("ix_report_schedules_view_id"), "report_schedules", ["view_id"])
