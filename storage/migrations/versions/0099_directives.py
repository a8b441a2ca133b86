"""Orders of the council and the mayor, whose points are tasks."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directives",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("number", ForeignText, nullable=False),
        sa.Column("dated", sa.Date, nullable=False),
        sa.Column("title", ForeignText, nullable=False),
        sa.Column("entered_by", KEY, nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["users.id"], name=op.f("fk_directives_entered_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directives")),
        sa.CheckConstraint("kind IN ('council', 'committee', 'mayor')", name=op.f("ck_directives_kind")),
    )
    op.create_index(op.f("uq_directives_number"), "directives", ["kind", "number", "dated"], unique=True)
