"""Subscriptions to changes of the power, queues by digests of accounts, air-raid alerts in city data."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

_WHOLE = "(ahead_minutes IS NULL) = (quiet_from IS NULL) AND (ahead_minutes IS NULL) = (quiet_until IS NULL)"


_KIND = "ck_city_documents_kind"
_KINDS = (
    "'classifier', 'benefits', 'paperwork', 'days-off', 'pauses', 'score-form', 'shifts', 'directory',"
    " 'power-queues'"
)
_MORE = "'air-raid'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _one_more_kind_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_KIND), "city_documents", type_="check")
        op.create_check_constraint(op.f(_KIND), "city_documents", f"kind IN ({_KINDS}, {_MORE})")
    table = "outage_subscriptions"
    op.add_column(table, sa.Column("quiet_from", sa.Integer))
    op.add_column(table, sa.Column("quiet_until", sa.Integer))
    op.add_column(table, sa.Column("told_change", Moment))
    op.add_column(table, sa.Column("told_supply", sa.Text))
    op.add_column(table, sa.Column("told_day", sa.Date))
    op.add_column(table, sa.Column("told_count", sa.Integer, nullable=False, server_default="0"))
    op.create_table(
        "power_accounts",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("queue", ForeignText, nullable=False),
        sa.Column("told_at", Moment, nullable=False),
        sa.Column("told_by", KEY, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_power_accounts")),
        sa.ForeignKeyConstraint(["told_by"], ["users.id"], name=op.f("fk_power_accounts_told_by_users")),
    )
    if op.get_bind().dialect.name == "sqlite":  # which adds no constraint to a table, but one with a column
        named = f"CONSTRAINT ck_outage_subscriptions_ahead CHECK ({_WHOLE})"
        op.execute(f"ALTER TABLE {table} ADD COLUMN ahead_minutes INTEGER {named}")
        return
    op.add_column(table, sa.Column("ahead_minutes", sa.Integer))
    op.create_check_constraint(op.f("ck_outage_subscriptions_ahead"), table, _WHOLE)


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
