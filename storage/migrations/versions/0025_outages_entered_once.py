"""An outage that is sent twice is entered once."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("outages") as outages:
        outages.add_column(sa.Column("form", sa.Text(), nullable=True))
        outages.create_unique_constraint("uq_outages_form", ["form"])
