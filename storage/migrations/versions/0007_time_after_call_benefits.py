"""Time after a call that can be lengthened, and the categories of applicants."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("dispatchers", sa.Column("rest_until", MOMENT, nullable=True))
    op.create_table(
        "citizen_benefits",
        sa.Column("citizen_id", KEY, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["citizen_id"], ["citizens.id"], name="fk_citizen_benefits_citizen_id"),
        sa.PrimaryKeyConstraint("citizen_id", "code", name="pk_citizen_benefits"),
    )
