"""Letters between the processes of one hotline; each is of use for seconds."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "process_letters",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("sender", sa.Text, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_letters")),
    )
