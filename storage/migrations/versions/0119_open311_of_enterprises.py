"""Enterprises may have an Open311 of their own; the state's classifier is city data."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None

_KIND = "ck_city_documents_kind"
_KINDS = (
    "'classifier', 'benefits', 'paperwork', 'days-off', 'pauses', 'score-form', 'shifts', 'directory',"
    " 'power-queues', 'air-raid'"
)
_MORE = "'state-classifier'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _one_more_kind_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_KIND), "city_documents", type_="check")
        op.create_check_constraint(op.f(_KIND), "city_documents", f"kind IN ({_KINDS}, {_MORE})")
    op.add_column("executors", sa.Column("open311", sa.JSON(none_as_null=True)))
    op.create_table(
        "endpoint_keys",
        sa.Column("executor_id", KEY, autoincrement=False, nullable=False),
        sa.Column("key", ForeignText, nullable=False),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["executors.id"], name=op.f("fk_endpoint_keys_executor_id_executors")
        ),
        sa.PrimaryKeyConstraint("executor_id", name=op.f("pk_endpoint_keys")),
    )


def _one_more_kind_on_sqlite(connection: sa.Connection) -> None:
    """Write it into the schema itself, as 0052 did: SQLite changes no check of a table that there is."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    made = sa.text(
        "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
        " WHERE type = 'table' AND name = 'city_documents'"
    )
    connection.execute(made, {"before": f"({_KINDS})", "after": f"({_KINDS}, {_MORE})"})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
