"""Acting heads, and whose acts of the audit log were an acting head's."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "acting_heads",
        sa.Column("id", KEY, nullable=False),
        sa.Column("user_id", KEY, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("order", ForeignText, nullable=False),
        sa.Column("named_by", KEY, nullable=False),
        sa.Column("named_at", Moment, nullable=False),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", KEY),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_acting_heads_user_id_users")),
        sa.ForeignKeyConstraint(["named_by"], ["users.id"], name=op.f("fk_acting_heads_named_by_users")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_acting_heads_ended_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acting_heads")),
    )
    op.create_index(op.f("ix_acting_heads_until"), "acting_heads", ["until"])
    op.add_column("audit", sa.Column("acting_head", sa.Boolean, nullable=False, server_default=sa.false()))
