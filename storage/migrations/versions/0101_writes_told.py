"""Who writes to what every call asks for is told by triggers: SQLite counts, PostgreSQL notifies.

A later migration that rebuilds one of these tables in SQLite (batch) makes its triggers anew: they go with
the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

RARE = (
    *("articles", "article_versions", "campaigns", "city_documents", "city_maps", "city_messages"),
    *("houses", "street_names", "informing_orders", "listening_orders", "outages", "power_emergencies"),
    *("power_schedules", "roster_weeks", "statements", "statement_versions", "voice_recordings"),
)
OFTEN = ("call_jobs", "dispatchers", "dispatcher_skills", "queue_entries")
"""Where each transaction would notify, PostgreSQL is asked instead."""
TOLD = "table_writes"
_COUNT = """
CREATE TRIGGER table_writes_{name}_{write} AFTER {write} ON {name} BEGIN
    UPDATE table_writes SET written = written + 1 WHERE name = '{name}';
END
"""
_NOTIFY = """
CREATE OR REPLACE FUNCTION table_writes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('table_writes', TG_TABLE_NAME);
    RETURN NULL;
END $$
"""
_NOTIFIES = """
CREATE TRIGGER table_writes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}
FOR EACH STATEMENT EXECUTE FUNCTION table_writes()
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.create_table(
            TOLD,
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("written", sa.Integer, nullable=False),
            sa.PrimaryKeyConstraint("name", name=op.f("pk_table_writes")),
        )
        for name in (*RARE, *OFTEN):
            op.execute(f"INSERT INTO {TOLD} (name, written) VALUES ('{name}', 0)")  # noqa: S608 - our names
            for write in ("INSERT", "UPDATE", "DELETE"):
                op.execute(_COUNT.format(name=name, write=write))
        return
    op.execute(_NOTIFY)
    for name in RARE:
        op.execute(_NOTIFIES.format(name=name))
