"""Day schedules of power by queue, emergency cuts, and the queues of houses among a city's documents."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

_KIND = "ck_city_documents_kind"
_KINDS = "'classifier', 'benefits', 'paperwork', 'days-off', 'pauses', 'score-form', 'shifts', 'directory'"
_MORE = "'power-queues'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _one_more_kind_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_KIND), "city_documents", type_="check")
        op.create_check_constraint(op.f(_KIND), "city_documents", f"kind IN ({_KINDS}, {_MORE})")
    op.create_table(
        "power_schedules",
        sa.Column("queue", ForeignText, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("halves", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("heard_at", Moment, nullable=False),
        sa.CheckConstraint("length(halves) = 48", name=op.f("ck_power_schedules_halves")),
        sa.PrimaryKeyConstraint("queue", "day", name=op.f("pk_power_schedules")),
    )
    op.create_table(
        "power_told",
        sa.Column("id", KEY, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("user_id", KEY),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_power_told_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_power_told")),
    )
    op.create_table(
        "power_emergencies",
        sa.Column("id", KEY, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("begun_by", KEY),
        sa.Column("held", sa.Boolean),
        sa.Column("ended_at", Moment),
        sa.Column("ended_by", KEY),
        sa.CheckConstraint(
            "(held IS NULL) = (ended_at IS NOT NULL)", name=op.f("ck_power_emergencies_ended")
        ),
        sa.ForeignKeyConstraint(["begun_by"], ["users.id"], name=op.f("fk_power_emergencies_begun_by_users")),
        sa.ForeignKeyConstraint(["ended_by"], ["users.id"], name=op.f("fk_power_emergencies_ended_by_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_power_emergencies")),
        sa.UniqueConstraint("held", name=op.f("uq_power_emergencies_held")),
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
