"""Notices that no entry of an appeal's history caused: of outages, of orders."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notices") as notices:
        notices.add_column(sa.Column("matter", sa.Text(), nullable=False, server_default=""))
        notices.alter_column("entry_id", existing_type=KEY, nullable=True)
    of_matter = sa.text("matter <> ''")
    op.create_index(
        "uq_notices_matter_recipient_channel",
        "notices",
        ["matter", "recipient", "channel"],
        unique=True,
        sqlite_where=of_matter,
        postgresql_where=of_matter,
    )
