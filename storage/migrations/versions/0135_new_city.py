"""The city's name as a document, and the set-up of a new city."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0135"
down_revision = "0134"
branch_labels = None
depends_on = None

_KINDS = (
    "kind IN ('classifier', 'benefits', 'paperwork', 'days-off', 'pauses', 'score-form', 'shifts', "
    "'directory', 'power-queues', 'air-raid', 'city', 'state-classifier')"
)
_COUNT = """
CREATE TRIGGER table_writes_city_documents_{write} AFTER {write} ON city_documents BEGIN
    UPDATE table_writes SET written = written + 1 WHERE name = 'city_documents';
END
"""
"""SQLite makes the table anew for another check, without its triggers."""


def upgrade() -> None:
    with op.batch_alter_table("city_documents") as table:
        table.drop_constraint(op.f("ck_city_documents_kind"), type_="check")
        table.create_check_constraint(op.f("ck_city_documents_kind"), _KINDS)
    if op.get_bind().dialect.name == "sqlite":
        for write in ("INSERT", "UPDATE", "DELETE"):
            op.execute(_COUNT.format(write=write))
    op.create_table(
        "city_setup",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("code_hash", sa.Text),
        sa.Column("session_hash", sa.Text),
        sa.Column("done", sa.JSON, nullable=False),
        sa.Column("begun_at", Moment),
        sa.Column("finished_at", Moment),
        sa.CheckConstraint("id = 1", name=op.f("ck_city_setup_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_setup")),
    )
