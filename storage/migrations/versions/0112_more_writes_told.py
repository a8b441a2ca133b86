"""More tables tell of their writes: what is looked for each moment and mostly is not there. SQLite alone."""

from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None

OFTEN = ("appeals", "notices", "outage_alerts", "outage_reports", "outage_watchers")
_COUNT = """
CREATE TRIGGER table_writes_{name}_{write} AFTER {write} ON {name} BEGIN
    UPDATE table_writes SET written = written + 1 WHERE name = '{name}';
END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in OFTEN:
        op.execute(f"INSERT INTO table_writes (name, written) VALUES ('{name}', 0)")  # noqa: S608 - our names
        for write in ("INSERT", "UPDATE", "DELETE"):
            op.execute(_COUNT.format(name=name, write=write))
