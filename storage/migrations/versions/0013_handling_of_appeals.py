"""Handling of appeals: executors, rules, history, the outbox of notices, files."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _columns() -> tuple["sa.Column[Any]", ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("state_since", MOMENT, nullable=True),
        sa.Column("assignee_id", KEY, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False, server_default="individual"),
        sa.Column("receipt", sa.Text(), nullable=False, server_default="phone"),
        sa.Column("served_first", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("parent", sa.Text(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("extended", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("extension_wanted", sa.Date(), nullable=True),
        sa.Column("controlled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reply_by", sa.Text(), nullable=True),
        sa.Column("reply_to", sa.Text(), nullable=False, server_default=""),
    )


def upgrade() -> None:
    _executors()
    _rules()
    _appeals()
    _history()
    _notices()
    _files()


def _executors() -> None:
    op.create_table(
        "executors",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("short", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_executors"),
        sa.UniqueConstraint("name", name="uq_executors_name"),
    )
    op.create_table(
        "executor_contacts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("executor_id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["executor_id"], ["executors.id"], name="fk_executor_contacts_executor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_executor_contacts"),
    )
    op.create_index("ix_executor_contacts_executor_id", "executor_contacts", ["executor_id"], unique=False)
    _executor_of("users")
    op.create_index("ix_users_executor_id", "users", ["executor_id"], unique=False)


def _executor_of(table: str) -> None:
    """Both databases understand this; alembic would have SQLite rebuild the table."""
    kind = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    op.execute(
        f"ALTER TABLE {table} ADD COLUMN executor_id {kind} "
        f"CONSTRAINT fk_{table}_executor_id REFERENCES executors (id)"
    )


def _rules() -> None:
    op.create_table(
        "routing_rules",
        sa.Column("id", KEY, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("executor_id", KEY, nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("utilities", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("on_days", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["executor_id"], ["executors.id"], name="fk_routing_rules_executor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_routing_rules"),
    )
    op.create_index("ix_routing_rules_executor_id", "routing_rules", ["executor_id"], unique=False)


def _appeals() -> None:
    for column in _columns():
        op.add_column("appeals", column)
    _executor_of("appeals")
    # Nobody is known to have them: they are on the list that a dispatcher assigns from.
    op.execute("UPDATE appeals SET state = 'registered' WHERE state IN ('assigned', 'in-work')")
    op.create_index("ix_appeals_of_executor", "appeals", ["executor_id", "state", "due_at"], unique=False)
    op.create_index("ix_appeals_parent", "appeals", ["parent"], unique=False)


def _history() -> None:
    op.create_table(
        "appeal_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.Column("executor_id", KEY, nullable=True),
        sa.Column("state_before", sa.Text(), nullable=True),
        sa.Column("state_after", sa.Text(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("step", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_appeal_history_user_id"),
        sa.ForeignKeyConstraint(["executor_id"], ["executors.id"], name="fk_appeal_history_executor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_history"),
        sa.UniqueConstraint("number", "version", name="uq_appeal_history_number_version"),
        sa.UniqueConstraint("number", "step", name="uq_appeal_history_number_step"),
    )


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("owed_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["appeal_history.id"], name="fk_notices_entry_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("entry_id", "recipient", "channel", name="uq_notices_entry_id_recipient_channel"),
    )
    op.create_index("ix_notices_number", "notices", ["number"], unique=False)
    op.create_index("ix_notices_recipient", "notices", ["recipient", "state", "owed_at"], unique=False)
    for name, columns, state in (
        ("ix_notices_owed", ["channel", "due_at"], "owed"),
        ("ix_notices_claimed", ["changed_at"], "claimed"),
    ):
        only = sa.text(f"state = '{state}'")
        op.create_index(name, "notices", columns, unique=False, sqlite_where=only, postgresql_where=only)


def _files() -> None:
    op.create_table(
        "appeal_files",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by", KEY, nullable=True),
        sa.Column("uploaded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["uploaded_by"], ["users.id"], name="fk_appeal_files_uploaded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_files"),
        sa.UniqueConstraint("key", name="uq_appeal_files_key"),
    )
    op.create_index("ix_appeal_files_number", "appeal_files", ["number"], unique=False)
