"""Notices that are sent again by a person, or asked about at the gateway; the applicant's language."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
    for name, columns, condition in (
        ("ix_notices_undecided", ["changed_at"], "state IN ('failed', 'unsure')"),
        ("ix_notices_sent", ["channel", "changed_at"], "state = 'sent' AND provider_id <> ''"),
        ("ix_notices_provider", ["provider_id"], "provider_id <> ''"),
    ):
        only = sa.text(condition)
        op.create_index(name, "notices", columns, unique=False, sqlite_where=only, postgresql_where=only)
    op.add_column("appeals", sa.Column("language", sa.Text(), nullable=False, server_default="uk"))
