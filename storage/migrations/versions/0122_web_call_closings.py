"""Calls by the browser, closed by the head and opened again."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "web_call_closings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("closed_at", Moment, nullable=False),
        sa.Column("closed_by", KEY),
        sa.Column("reason", ForeignText, nullable=False),
        sa.Column("held", sa.Boolean),
        sa.Column("opened_at", Moment),
        sa.Column("opened_by", KEY),
        sa.CheckConstraint(
            "(held IS NULL) = (opened_at IS NOT NULL)", name=op.f("ck_web_call_closings_opened")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by"], ["users.id"], name=op.f("fk_web_call_closings_closed_by_users")
        ),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["users.id"], name=op.f("fk_web_call_closings_opened_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_call_closings")),
        sa.UniqueConstraint("held", name=op.f("uq_web_call_closings_held")),
    )
