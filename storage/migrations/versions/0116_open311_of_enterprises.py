"""Enterprises may have an Open311 of their own, to which appeals given to them go."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("executors", sa.Column("open311", sa.JSON(none_as_null=True)))
    op.create_table(
        "open311_keys",
        sa.Column("executor_id", KEY, autoincrement=False, nullable=False),
        sa.Column("key", ForeignText, nullable=False),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["executors.id"], name=op.f("fk_open311_keys_executor_id_executors")
        ),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_open311_keys")),
    )
