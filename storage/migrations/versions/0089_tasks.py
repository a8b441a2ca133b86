"""Tasks."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

_STATES = "'given', 'accepted', 'reported', 'returned', 'off-control', 'withdrawn'"
_KINDS = "'council', 'committee', 'mayor', 'instruction', 'meeting', 'proposal', 'fault'"
_ENDED = "(state IN ('off-control', 'withdrawn')) = (ended_at IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("title", ForeignText, nullable=False),
        sa.Column("once", sa.Text, nullable=False),
        sa.Column("text", ForeignText, nullable=False),
        sa.Column("responsible", sa.Text, nullable=False),
        sa.Column("controller", KEY, nullable=False),
        sa.Column("given_by", KEY),
        sa.Column("given_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("parent", KEY),
        sa.Column("result", ForeignText, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("told_until", Moment, nullable=False),
        sa.Column("step_at", Moment),
        sa.Column("lemmas", ForeignText, nullable=False),
        sa.ForeignKeyConstraint(["controller"], ["users.id"], name=op.f("fk_tasks_controller_users")),
        sa.ForeignKeyConstraint(["given_by"], ["users.id"], name=op.f("fk_tasks_given_by_users")),
        sa.ForeignKeyConstraint(["parent"], ["tasks.id"], name=op.f("fk_tasks_parent_tasks")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("once", name=op.f("uq_tasks_once")),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_tasks_state")),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_tasks_kind")),
        sa.CheckConstraint(_ENDED, name=op.f("ck_tasks_ended")),
    )
    for name in ("responsible", "controller", "parent", "step_at", "record"):
        op.create_index(op.f(f"ix_tasks_{name}"), "tasks", [name])
    op.create_index(op.f("ix_tasks_due"), "tasks", ["ended_at", "due_at"])
    op.create_table(
        "task_helpers",
        sa.Column("task_id", KEY, nullable=False, autoincrement=False),
        sa.Column("party", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_helpers_task_id_tasks")),
        sa.PrimaryKeyConstraint("task_id", "party", name=op.f("pk_task_helpers")),
    )
    op.create_index(op.f("ix_task_helpers_party"), "task_helpers", ["party"])
    op.create_table(
        "task_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("task_id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("said", ForeignText, nullable=False),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], name=op.f("fk_task_history_task_id_tasks")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_task_history_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_history")),
    )
    op.create_index(op.f("ix_task_history_task_id"), "task_history", ["task_id"])
