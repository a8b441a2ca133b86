"""Slower places tell of their writes: every call on its way into the line asks for them."""

from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

_COUNT = """
CREATE TRIGGER table_writes_slower_places_{write} AFTER {write} ON slower_places BEGIN
    UPDATE table_writes SET written = written + 1 WHERE name = 'slower_places';
END
"""
_NOTIFIES = """
CREATE TRIGGER table_writes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON slower_places
FOR EACH STATEMENT EXECUTE FUNCTION table_writes()
"""


def upgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(_NOTIFIES)
        return
    op.execute("INSERT INTO table_writes (name, written) VALUES ('slower_places', 0)")
    for write in ("INSERT", "UPDATE", "DELETE"):
        op.execute(_COUNT.format(write=write))
