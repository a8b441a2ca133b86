"""Campaigns of calls, and their people."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "campaigns",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", ForeignText(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("says", ForeignText(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("per_minute", sa.Integer(), nullable=False),
        sa.Column("exempt", ForeignText(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("user_id", KEY, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_campaigns"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_campaigns_user_id"),
    )
    op.create_index("ix_campaigns_state", "campaigns", ["state"])
    op.create_table(
        "campaign_people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("campaign_id", KEY, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("about", ForeignText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("called_at", Moment(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_campaign_people"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_campaign_people_campaign_id"),
        sa.UniqueConstraint("campaign_id", "number", name="uq_campaign_people_campaign_id_number"),
    )
    for name, columns, condition in (
        ("ix_campaign_people_due", ["campaign_id", "due_at"], "state = 'due'"),
        ("ix_campaign_people_claimed", ["changed_at"], "state = 'claimed'"),
    ):
        only = sa.text(condition)
        op.create_index(name, "campaign_people", columns, sqlite_where=only, postgresql_where=only)
    op.create_index("ix_campaign_people_called", "campaign_people", ["campaign_id", "called_at"])
