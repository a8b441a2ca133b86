"""The roster by week, links of calendars, and the shifts' rules among a city's documents."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0084"
down_revision = "0083"
branch_labels = None
depends_on = None

_KIND = "ck_city_documents_kind"
_KINDS, _MORE = "'classifier', 'benefits', 'paperwork', 'days-off', 'pauses', 'score-form'", "'shifts'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _one_more_kind_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_KIND), "city_documents", type_="check")
        op.create_check_constraint(op.f(_KIND), "city_documents", f"kind IN ({_KINDS}, {_MORE})")
    op.create_table(
        "roster_weeks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("monday", sa.Date, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("shifts", sa.JSON, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("changed_by", KEY, nullable=False),
        sa.Column("published_at", Moment),
        sa.Column("published_by", KEY),
        sa.ForeignKeyConstraint(["changed_by"], ["users.id"], name=op.f("fk_roster_weeks_changed_by_users")),
        sa.ForeignKeyConstraint(
            ["published_by"], ["users.id"], name=op.f("fk_roster_weeks_published_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_weeks")),
    )
    op.create_index(op.f("uq_roster_weeks_edition"), "roster_weeks", ["monday", "edition"], unique=True)
    op.create_table(
        "roster_feeds",
        sa.Column("user_id", KEY, autoincrement=False, nullable=False),
        sa.Column("secret_hash", sa.Text, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_roster_feeds_user_id_users")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_roster_feeds")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_roster_feeds_secret_hash")),
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
