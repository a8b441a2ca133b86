"""The telephone of those on duty in the other city, and the appeals that it has not got yet."""

import sqlalchemy as sa
from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "neighbour_agreements", sa.Column("duty_number", sa.Text, nullable=False, server_default="")
    )
    open_only = sa.text("handed_at IS NULL")
    op.create_index(
        "ix_neighbour_appeals_open",
        "neighbour_appeals",
        ["taken_at"],
        sqlite_where=open_only,
        postgresql_where=open_only,
    )
