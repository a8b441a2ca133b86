"""Who stopped an order to inform residents, when, and why."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None

_BY = "fk_informing_orders_stopped_by"


def upgrade() -> None:
    op.add_column("informing_orders", sa.Column("stopped_at", Moment))
    reason = sa.Column("stop_reason", ForeignText, nullable=False, server_default="")
    op.add_column("informing_orders", reason)
    if op.get_bind().dialect.name == "sqlite":  # which adds no constraint to a table, but one with a column
        op.execute(
            "ALTER TABLE informing_orders ADD COLUMN stopped_by INTEGER"
            f" CONSTRAINT {_BY} REFERENCES users (id)"
        )
        return
    op.add_column("informing_orders", sa.Column("stopped_by", KEY))
    op.create_foreign_key(op.f(_BY), "informing_orders", "users", ["stopped_by"], ["id"])
