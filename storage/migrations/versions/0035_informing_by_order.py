"""Residents are informed by order."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "informing_orders",
        sa.Column("id", KEY, nullable=False),
        sa.Column("number", ForeignText(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("issued_by", ForeignText(), nullable=False),
        sa.Column("subject", ForeignText(), nullable=False),
        sa.Column("text", ForeignText(), nullable=False),
        sa.Column("short", ForeignText(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("starts_at", Moment(), nullable=False),
        sa.Column("exempt", ForeignText(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("author_id", KEY, nullable=False),
        sa.Column("approver_id", KEY, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("refusal", ForeignText(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("looked_up_to", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_informing_orders"),
        sa.ForeignKeyConstraint(["author_id"], ["users.id"], name="fk_informing_orders_author_id"),
        sa.ForeignKeyConstraint(["approver_id"], ["users.id"], name="fk_informing_orders_approver_id"),
    )
    op.create_index("ix_informing_orders_state", "informing_orders", ["state"])
    op.create_table(
        "informing_people",
        sa.Column("id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.Column("name", ForeignText(), nullable=False),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("email", ForeignText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_informing_people"),
        sa.ForeignKeyConstraint(["order_id"], ["informing_orders.id"], name="fk_informing_people_order_id"),
        sa.UniqueConstraint("order_id", "number", name="uq_informing_people_order_id_number"),
        sa.UniqueConstraint("order_id", "email", name="uq_informing_people_order_id_email"),
    )
    op.create_table(
        "informing_campaigns",
        sa.Column("campaign_id", KEY, nullable=False),
        sa.Column("order_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", name="pk_informing_campaigns"),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaigns.id"], name="fk_informing_campaigns_campaign_id"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["informing_orders.id"], name="fk_informing_campaigns_order_id"
        ),
    )
    op.create_index("ix_informing_campaigns_order_id", "informing_campaigns", ["order_id"])
