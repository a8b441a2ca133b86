"""What watchers of outages said when they were called."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outage_answers",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outage_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("watcher_id", KEY, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.Column("appeal", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outage_answers"),
        sa.ForeignKeyConstraint(["outage_id"], ["outages.id"], name="fk_outage_answers_outage_id"),
        sa.UniqueConstraint(
            "outage_id", "version", "watcher_id", name="uq_outage_answers_outage_id_version_watcher_id"
        ),
    )
