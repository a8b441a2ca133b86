"""Days whose sums are no longer true are told by a row of their own, for which no writer waits for another.

Before, the writer deleted the sums: of two who changed two days in opposite order PostgreSQL ended one.
"""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY

revision = "0146"
down_revision = "0145"
branch_labels = None
depends_on = None

_WATCHED = {
    "calls": ("arrived_at", "direction", "outcome", "joined_at", "talked_at", "ended_at"),
    "talks": ("call_id", "dispatcher_id", "started_at", "ended_at"),
    "appeals": ("call_id", "category", "registered_at"),
    "presence_history": ("dispatcher_id", "presence", "at"),
}
"""What the sums of a day are made of, as in 0142."""

# The functions alone: their triggers stay, and no lock is taken of any table that calls are written into.
_POSTGRESQL = """
CREATE OR REPLACE FUNCTION line_days_of(moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO line_day_changes (maker)
    SELECT maker FROM line_days
    WHERE since <= moment AND since > moment - interval '26 hours' AND until > moment
    AND line_days.maker IS NOT NULL
    AND NOT EXISTS (SELECT FROM line_day_changes AS known WHERE known.maker = line_days.maker);
END $$
---
CREATE FUNCTION line_days_of_work(desk bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    began timestamptz;
    ended timestamptz[];
BEGIN
    began := (
        SELECT max(at) FROM presence_history
        WHERE dispatcher_id = desk AND presence <> 'after-call' AND at < moment
    );
    ended := ARRAY(
        SELECT at FROM presence_history
        WHERE dispatcher_id = desk AND presence = 'after-call'
        AND at < moment AND at >= coalesce(began, '-infinity')
    );
    PERFORM line_days_of(calls.arrived_at) FROM talks JOIN calls ON calls.id = talks.call_id
    WHERE talks.dispatcher_id = desk AND talks.ended_at = ANY(ended || moment);
END $$
---
CREATE OR REPLACE FUNCTION line_days_by_presence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM line_days_of_work(OLD.dispatcher_id, OLD.at); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM line_days_of_work(NEW.dispatcher_id, NEW.at); END IF;
    RETURN NULL;
END $$
"""

_SQLITE = """
DROP TRIGGER line_days_{table}_added
---
DROP TRIGGER line_days_{table}_gone
---
DROP TRIGGER line_days_{table}_changed
---
CREATE TRIGGER line_days_{table}_added AFTER INSERT ON {table} BEGIN {new} END
---
CREATE TRIGGER line_days_{table}_gone AFTER DELETE ON {table} BEGIN {old} END
---
CREATE TRIGGER line_days_{table}_changed AFTER UPDATE OF {columns} ON {table}
WHEN {differs} BEGIN {old} {new} END
"""
_CHANGED = (
    "INSERT INTO line_day_changes (maker) SELECT maker FROM {of} WHERE {which}"
    " AND line_days.since <= {moment} AND line_days.since > datetime({moment}, '-26 hours')"
    " AND line_days.until > {moment} AND line_days.maker IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM line_day_changes AS known WHERE known.maker = line_days.maker);"
)
_OF_CALL = "calls.id = {row}.call_id"
# `+`: not along the index of dispatchers, who have had thousands of talks.
_OF_WORK = (
    "+talks.dispatcher_id = {row}.dispatcher_id AND talks.ended_at IN ("
    "SELECT {row}.at UNION ALL SELECT at FROM presence_history"
    " WHERE dispatcher_id = {row}.dispatcher_id AND presence = 'after-call' AND at < {row}.at"
    " AND at >= coalesce((SELECT max(at) FROM presence_history WHERE dispatcher_id = {row}.dispatcher_id"
    " AND presence <> 'after-call' AND at < {row}.at), ''))"
)
"""After-call work that a presence ends, would have ended, or is: of the talks that ended as it began."""


def upgrade() -> None:
    op.create_table(
        "line_day_changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("maker", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_line_day_changes")),
    )
    op.create_index("ix_line_day_changes_maker", "line_day_changes", ["maker"])
    op.create_index("ix_line_days_maker", "line_days", ["maker"])
    op.execute("DELETE FROM line_days")  # of 0142 some have no maker, or missed a presence that came late
    if op.get_bind().dialect.name == "postgresql":
        for statement in _POSTGRESQL.split("---"):
            op.execute(statement)
        return
    for table, columns in _WATCHED.items():
        differs = " OR ".join(f"old.{one} IS NOT new.{one}" for one in columns)
        old, new = (_changed_on_sqlite(table, row) for row in ("old", "new"))
        made = _SQLITE.format(table=table, columns=", ".join(columns), differs=differs, old=old, new=new)
        for statement in made.split("---"):
            op.execute(statement)


def _changed_on_sqlite(table: str, row: str) -> str:
    if table == "calls":
        return _CHANGED.format(of="line_days", which="TRUE", moment=f"{row}.arrived_at")
    if table != "presence_history":
        which, of = _OF_CALL, "calls CROSS JOIN line_days"
    else:
        which, of = f"{_OF_WORK} AND calls.id = talks.call_id", "talks CROSS JOIN calls CROSS JOIN line_days"
    return _CHANGED.format(of=of, which=which.format(row=row), moment="calls.arrived_at")
