"""Forms of meetings and memos make one each; ended cuts stay ended; letters and codes have an index."""

import sqlalchemy as sa
from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None

_GIVEN = sa.text("state IN ('sent', 'delivered')")
_UNCONFIRMED = sa.text("confirmed_at IS NULL")


def upgrade() -> None:
    for table in ("meetings", "memos"):
        op.add_column(table, sa.Column("once", sa.Text))
        op.create_index(f"uq_{table}_once", table, ["once"], unique=True)
    op.add_column(
        "power_emergencies",
        sa.Column("source_says", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.execute(
        "UPDATE power_emergencies SET source_says = true WHERE begun_by IS NULL AND"
        " (held OR (ended_by IS NOT NULL AND id = (SELECT max(id) FROM power_emergencies)))"
    )
    op.create_index(
        "ix_notices_given", "notices", ["changed_at"], sqlite_where=_GIVEN, postgresql_where=_GIVEN
    )
    op.create_index(
        "ix_outage_subscriptions_unconfirmed",
        "outage_subscriptions",
        ["channel", "asked_at"],
        sqlite_where=_UNCONFIRMED,
        postgresql_where=_UNCONFIRMED,
    )
