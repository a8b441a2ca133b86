"""The city's message, people's voices in the place of synthesised ones, the code by telephone."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("phone_code_hash", sa.Text(), nullable=True))
    op.create_table(
        "city_messages",
        sa.Column("id", KEY, nullable=False),
        sa.Column("title", ForeignText(), nullable=False),
        sa.Column("uk", ForeignText(), nullable=False),
        sa.Column("en", ForeignText(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("on_since", Moment(), nullable=True),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.PrimaryKeyConstraint("id", name="pk_city_messages"),
    )
    op.create_table(
        "city_message_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("message_id", KEY, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_city_message_history"),
        sa.ForeignKeyConstraint(
            ["message_id"], ["city_messages.id"], name="fk_city_message_history_message_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_city_message_history_user_id"),
    )
    op.create_index("ix_city_message_history_message_id", "city_message_history", ["message_id"])
    op.create_table(
        "voice_recordings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("basis", ForeignText(), nullable=False),
        sa.Column("stem", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("gone_at", Moment(), nullable=True),
        sa.Column("gone_by", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_voice_recordings"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_voice_recordings_user_id"),
        sa.ForeignKeyConstraint(["gone_by"], ["users.id"], name="fk_voice_recordings_gone_by"),
    )
    in_use = sa.text("gone_at IS NULL")
    op.create_index(
        "uq_voice_recordings_in_use",
        "voice_recordings",
        ["phrase", "language"],
        unique=True,
        sqlite_where=in_use,
        postgresql_where=in_use,
    )
