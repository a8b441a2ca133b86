"""A token can be an enterprise's own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("api_tokens") as table:
        table.add_column(sa.Column("executor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite")))
        table.create_foreign_key("fk_api_tokens_executor_id", "executors", ["executor_id"], ["id"])
