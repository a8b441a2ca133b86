"""The talk of a citizen and a duty contact is recorded as well: there is no dispatcher in it."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("recordings") as recordings:
        recordings.alter_column("dispatcher_id", existing_type=KEY, nullable=True)
