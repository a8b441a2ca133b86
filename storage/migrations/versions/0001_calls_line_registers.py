"""Calls and their journeys, the line and its people, the registers."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "appeals",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("applicant_number", sa.Text(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_appeals"),
    )
    op.create_index("ix_appeals_applicant_number", "appeals", ["applicant_number"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("first_prompt_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("recording_refused", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
    )
    op.create_index("ix_calls_arrived_at", "calls", ["arrived_at"], unique=False)
    op.create_index(
        "ix_calls_unended",
        "calls",
        ["arrived_at"],
        unique=False,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "cel_files",
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("file", name="pk_cel_files"),
    )
    op.create_table(
        "citizens",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_citizens"),
    )
    op.create_table(
        "dispatchers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("extension", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dispatchers"),
        sa.UniqueConstraint("extension", name="uq_dispatchers_extension"),
    )
    op.create_table(
        "journey_steps",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("call_id", "number", name="pk_journey_steps"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("utility", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("expected_end", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outages"),
    )
    op.create_index("ix_outages_ended_at", "outages", ["ended_at"], unique=False)
    op.create_table(
        "voice_messages",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("heard_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_voice_messages"),
    )
    op.create_index("ix_voice_messages_call_id", "voice_messages", ["call_id"], unique=False)
    op.create_table(
        "citizen_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("citizen_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_citizen_numbers_citizen_id"),
        sa.PrimaryKeyConstraint("number", "citizen_id", name="pk_citizen_numbers"),
    )
    op.create_table(
        "dispatcher_skills",
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("skill", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatcher_id"], ["dispatchers.id"], name="fk_dispatcher_skills_dispatcher_id"
        ),
        sa.PrimaryKeyConstraint("dispatcher_id", "skill", name="pk_dispatcher_skills"),
    )
    op.create_table(
        "places",
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("skill", sa.Text(), nullable=True),
        sa.Column("wanted_dispatcher_id", KEY, nullable=True),
        sa.Column("dispatcher_id", KEY, nullable=True),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["dispatcher_id"], ["dispatchers.id"], name="fk_places_dispatcher_id"),
        sa.ForeignKeyConstraint(
            ["wanted_dispatcher_id"], ["dispatchers.id"], name="fk_places_wanted_dispatcher_id"
        ),
        sa.PrimaryKeyConstraint("call_id", name="pk_places"),
    )
    op.create_index(
        "ix_places_in_line",
        "places",
        ["state", "priority", "entered_at"],
        unique=False,
        sqlite_where=sa.text("state <> 'left'"),
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.create_table(
        "presence_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["dispatcher_id"], ["dispatchers.id"], name="fk_presence_history_dispatcher_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_presence_history"),
    )
    op.create_index("ix_presence_history_dispatcher_id", "presence_history", ["dispatcher_id"], unique=False)
    op.create_table(
        "recordings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("caller_file", sa.Text(), nullable=False),
        sa.Column("dispatcher_file", sa.Text(), nullable=False),
        sa.Column("listening_file", sa.Text(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(["dispatcher_id"], ["dispatchers.id"], name="fk_recordings_dispatcher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_recordings"),
    )
    op.create_index("ix_recordings_call_id", "recordings", ["call_id"], unique=False)
    op.create_table(
        "talks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("dispatcher_id", KEY, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["dispatcher_id"], ["dispatchers.id"], name="fk_talks_dispatcher_id"),
        sa.PrimaryKeyConstraint("id", name="pk_talks"),
    )
    op.create_index("ix_talks_call_id", "talks", ["call_id"], unique=False)
    op.create_index("ix_talks_dispatcher_id", "talks", ["dispatcher_id"], unique=False)
    op.create_index("ix_talks_ended_at", "talks", ["ended_at"], unique=False)
