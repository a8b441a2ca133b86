"""Notes on calls, callbacks, and the indexes behind the list of calls and the list of those to call back."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "call_notes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_call_notes_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_call_notes"),
    )
    op.create_index("ix_call_notes_call_id", "call_notes", ["call_id"], unique=False)
    op.create_table(
        "callbacks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("covers_until", MOMENT, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_callbacks_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_callbacks"),
    )
    op.create_index("ix_callbacks_of_number", "callbacks", ["number", "covers_until"], unique=False)
    op.create_index("ix_calls_outcome", "calls", ["outcome", "arrived_at"], unique=False)
    op.create_index("ix_drafts_call_id", "drafts", ["call_id"], unique=False)
