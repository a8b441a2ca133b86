"""Who has read a notice on a page, and an index by which what was read is listed."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

_BY = "fk_notices_seen_by"
_READ = sa.text("state = 'sent' AND channel = 'page'")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # which adds no constraint to a table, but one with a column
        op.execute(f"ALTER TABLE notices ADD COLUMN seen_by INTEGER CONSTRAINT {_BY} REFERENCES users (id)")
    else:
        op.add_column("notices", sa.Column("seen_by", KEY))
        op.create_foreign_key(op.f(_BY), "notices", "users", ["seen_by"], ["id"])
    op.create_index(
        "ix_notices_seen",
        "notices",
        ["recipient", "changed_at"],
        sqlite_where=_READ,
        postgresql_where=_READ,
    )
