"""The line's table is of queue entries, and the name of a form that was sent is its idempotency key."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

_KEYED = ("appeals", "outages")
_RENAMED = {
    "queue_entries": ("_places", "_queue_entries"),
    **{table: (f"{table}_form", f"{table}_idempotency_key") for table in _KEYED},
}
"""Each table, and what the names of its constraints are called by: before and after."""
_INDEXES = {
    "in_line": ("state, priority, entered_at", "state <> 'left'"),
    "kept": ("callback_to, entered_at", "callback_to IS NOT NULL"),
}


def upgrade() -> None:
    op.execute("ALTER TABLE places RENAME TO queue_entries")
    for table in _KEYED:
        op.execute(f"ALTER TABLE {table} RENAME COLUMN form TO idempotency_key")
    for name, (columns, where) in _INDEXES.items():
        op.execute(f"DROP INDEX ix_places_{name}")
        op.execute(f"CREATE INDEX ix_queue_entries_{name} ON queue_entries ({columns}) WHERE {where}")
    if op.get_bind().dialect.name == "sqlite":
        _name_anew_on_sqlite(op.get_bind())
    else:
        _name_anew(op.get_bind())


def _name_anew(connection: sa.Connection) -> None:
    """Name the constraints as the tables and columns are named now."""
    for table, (before, after) in _RENAMED.items():
        for name in connection.execute(_CONSTRAINTS, {"table": table}).scalars().all():
            if before in name:
                op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {name} TO {name.replace(before, after)}")


def _name_anew_on_sqlite(connection: sa.Connection) -> None:
    """Name them in the schema itself (https://sqlite.org/lang_altertable.html): no statement does."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, (before, after) in _RENAMED.items():
        connection.execute(_WRITE, {"name": table, "before": before, "after": after})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")


_CONSTRAINTS = sa.text(
    "SELECT conname FROM pg_constraint WHERE conrelid = CAST(CAST(:table AS text) AS regclass)"
)
_WRITE = sa.text(
    "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = :name"
)
