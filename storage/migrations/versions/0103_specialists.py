"""Specialists who are drawn into matters, with the history of each."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

_STATES = "'asked', 'agreed', 'reported', 'refused', 'ended'"
_ACTS = "'agree', 'refuse', 'report', 'end'"


def upgrade() -> None:
    op.create_table(
        "involvements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("matter", sa.Text, nullable=False),
        sa.Column("executor_id", KEY, nullable=False),
        sa.Column("manager_id", KEY, nullable=False),
        sa.Column("name", ForeignText, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("email", ForeignText, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("why", ForeignText, nullable=False),
        sa.Column("what", ForeignText, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("asked_by", KEY, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("answer_by", Moment, nullable=False),
        sa.Column("conclusion", ForeignText, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["executors.id"], name=op.f("fk_involvements_executor_id_executors")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_involvements_user_id_users")),
        sa.ForeignKeyConstraint(["asked_by"], ["users.id"], name=op.f("fk_involvements_asked_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvements")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_involvements_state")),
        sa.CheckConstraint("kind IN ('appeal', 'task', 'meeting')", name=op.f("ck_involvements_kind")),
        sa.CheckConstraint(
            "state <> 'reported' OR conclusion <> ''", name=op.f("ck_involvements_conclusion")
        ),
        sa.CheckConstraint("answer_by <= until", name=op.f("ck_involvements_answer_by")),
    )
    op.create_index(op.f("ix_involvements_user_id"), "involvements", ["user_id"])
    op.create_index("ix_involvements_matter", "involvements", ["kind", "matter"])
    op.create_index("ix_involvements_executor", "involvements", ["executor_id", "state"])
    op.create_index("ix_involvements_state", "involvements", ["state"])
    op.create_table(
        "involvement_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("involvement_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("who", ForeignText, nullable=False),
        sa.Column("act", sa.Text),
        sa.Column("said", ForeignText, nullable=False),
        sa.ForeignKeyConstraint(
            ["involvement_id"],
            ["involvements.id"],
            name=op.f("fk_involvement_history_involvement_id_involvements"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_involvement_history_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvement_history")),
        sa.CheckConstraint(f"act IN ({_ACTS})", name=op.f("ck_involvement_history_act")),
        sa.CheckConstraint("(user_id IS NULL) = (who <> '')", name=op.f("ck_involvement_history_who")),
    )
    op.create_index(op.f("ix_involvement_history_involvement_id"), "involvement_history", ["involvement_id"])
