"""What an executor asks the centre stands on the appeal until it is answered."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import ForeignText

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appeals", sa.Column("question", ForeignText(), nullable=False, server_default=""))
    asked = sa.text("question <> ''")
    op.create_index("ix_appeals_asked", "appeals", ["number"], sqlite_where=asked, postgresql_where=asked)
