"""What dispatchers type, and the indexes behind the card that shows before the ring."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ABANDONED = sa.text("outcome = 'abandoned-in-line'")


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("call_id", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("put_aside_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_drafts_user_id"),
        sa.PrimaryKeyConstraint("user_id", "call_id", name="pk_drafts"),
    )
    op.create_index("ix_calls_of_number", "calls", ["number", "arrived_at"], unique=False)
    op.create_index(
        "ix_calls_abandoned",
        "calls",
        ["arrived_at"],
        unique=False,
        sqlite_where=ABANDONED,
        postgresql_where=ABANDONED,
    )
    op.create_index("ix_citizen_numbers_citizen_id", "citizen_numbers", ["citizen_id"], unique=False)
    op.create_index("ix_talks_of_dispatcher", "talks", ["dispatcher_id", "started_at"], unique=False)
    op.drop_index("ix_talks_dispatcher_id", "talks")
