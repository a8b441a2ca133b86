"""Sums of days that are over, and missed calls that are not settled yet, both kept true by triggers."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import Moment

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None

_OWED = (
    "('abandoned-in-line', 'callback-promised', 'callback-wanted', 'lost', 'message-left', 'nobody-on-duty')"
)
_ALL_OWED = f"""
INSERT INTO unsettled_calls (call_id, arrived_at)
SELECT id, arrived_at FROM calls WHERE outcome IN {_OWED}
"""  # noqa: S608 - words of our own
_LATELY_OWED = f"""
INSERT INTO unsettled_calls (call_id, arrived_at)
SELECT id, arrived_at FROM calls
WHERE outcome IN {_OWED} AND arrived_at > (SELECT max(arrived_at) FROM calls) - interval '2 days'
ON CONFLICT DO NOTHING
"""  # noqa: S608 - words of our own
_WATCHED = {
    "calls": ("arrived_at", "direction", "outcome", "joined_at", "talked_at", "ended_at"),
    "talks": ("call_id", "dispatcher_id", "started_at", "ended_at"),
    "appeals": ("call_id", "category", "registered_at"),
    "presence_history": ("dispatcher_id", "presence", "at"),
}
"""What the sums of a day are made of."""

_POSTGRESQL = """
CREATE FUNCTION unsettled_calls_add() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unsettled_calls (call_id, arrived_at) VALUES (NEW.id, NEW.arrived_at) ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$
---
CREATE FUNCTION line_days_of(moment timestamptz) RETURNS void LANGUAGE sql AS $$
    DELETE FROM line_days WHERE since <= moment AND since > moment - interval '26 hours' AND until > moment
$$
---
CREATE FUNCTION line_days_by_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM line_days_of(OLD.arrived_at); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM line_days_of(NEW.arrived_at); END IF;
    RETURN NULL;
END $$
---
CREATE FUNCTION line_days_by_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.call_id IS NOT NULL THEN
        PERFORM line_days_of(arrived_at) FROM calls WHERE id = OLD.call_id;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.call_id IS NOT NULL THEN
        PERFORM line_days_of(arrived_at) FROM calls WHERE id = NEW.call_id;
    END IF;
    RETURN NULL;
END $$
---
CREATE FUNCTION line_days_by_presence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM line_days WHERE since <= OLD.at AND since > OLD.at - interval '50 hours';
    END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM line_days_of(NEW.at); END IF;
    RETURN NULL;
END $$
---
CREATE TRIGGER unsettled_calls_added AFTER INSERT ON calls FOR EACH ROW
WHEN (NEW.outcome IN {owed}) EXECUTE FUNCTION unsettled_calls_add()
---
CREATE TRIGGER unsettled_calls_changed AFTER UPDATE OF outcome ON calls FOR EACH ROW
WHEN (NEW.outcome IN {owed} AND OLD.outcome IS DISTINCT FROM NEW.outcome)
EXECUTE FUNCTION unsettled_calls_add()
"""
_ON_POSTGRESQL = """
CREATE TRIGGER line_days_added AFTER INSERT OR DELETE ON {table} FOR EACH ROW
EXECUTE FUNCTION line_days_by_{by}()
---
CREATE TRIGGER line_days_changed AFTER UPDATE OF {columns} ON {table} FOR EACH ROW
WHEN ({differs}) EXECUTE FUNCTION line_days_by_{by}()
"""
_BY = {"calls": "calls", "talks": "parts", "appeals": "parts", "presence_history": "presence"}

_SQLITE = """
CREATE TRIGGER unsettled_calls_added AFTER INSERT ON calls WHEN new.outcome IN {owed} BEGIN
    INSERT OR IGNORE INTO unsettled_calls (call_id, arrived_at) VALUES (new.id, new.arrived_at);
END
---
CREATE TRIGGER unsettled_calls_changed AFTER UPDATE OF outcome ON calls
WHEN new.outcome IN {owed} AND old.outcome IS NOT new.outcome BEGIN
    INSERT OR IGNORE INTO unsettled_calls (call_id, arrived_at) VALUES (new.id, new.arrived_at);
END
"""
_ON_SQLITE = """
CREATE TRIGGER line_days_{table}_added AFTER INSERT ON {table} BEGIN {new} END
---
CREATE TRIGGER line_days_{table}_gone AFTER DELETE ON {table} BEGIN {old} END
---
CREATE TRIGGER line_days_{table}_changed AFTER UPDATE OF {columns} ON {table}
WHEN {differs} BEGIN {old} {new} END
"""
_OF_MOMENT = (
    "DELETE FROM line_days WHERE since <= {moment} AND since > datetime({moment}, '-26 hours')"
    " AND until > {moment};"
)
_OF_CALL = (
    "DELETE FROM line_days WHERE since <= (SELECT arrived_at FROM calls WHERE id = {row}.call_id)"
    " AND since > (SELECT datetime(arrived_at, '-26 hours') FROM calls WHERE id = {row}.call_id)"
    " AND until > (SELECT arrived_at FROM calls WHERE id = {row}.call_id);"
)
_OF_DAY_BEFORE = "DELETE FROM line_days WHERE since <= {row}.at AND since > datetime({row}.at, '-50 hours');"


def upgrade() -> None:
    op.create_table(
        "unsettled_calls",
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("arrived_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_unsettled_calls")),
    )
    op.create_table(
        "line_days",
        sa.Column("since", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("offset", sa.Integer, nullable=False),
        sa.Column("half_hours", sa.Text),
        sa.Column("dispatchers", sa.Text),
        sa.Column("topics", sa.Text),
        sa.Column("outcomes", sa.Text),
        sa.CheckConstraint(
            "(half_hours IS NULL) = (dispatchers IS NULL) AND (half_hours IS NULL) = (topics IS NULL)"
            " AND (half_hours IS NULL) = (outcomes IS NULL)",
            name=op.f("ck_line_days_whole"),
        ),
        sa.PrimaryKeyConstraint("since", name=op.f("pk_line_days")),
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_ALL_OWED)  # in PostgreSQL before the triggers, which nobody writes a call beside
    op.create_index("ix_unsettled_calls_arrived_at", "unsettled_calls", ["arrived_at", "call_id"])
    for statement in _triggers(on_postgresql=on_postgresql):
        op.execute(statement)
    if on_postgresql:
        op.execute(_LATELY_OWED)  # those that were written meanwhile


def _triggers(*, on_postgresql: bool) -> list[str]:
    made = (_POSTGRESQL if on_postgresql else _SQLITE).replace("{owed}", _OWED).split("---")
    for table, columns in _WATCHED.items():
        if on_postgresql:
            differs = " OR ".join(f"OLD.{one} IS DISTINCT FROM NEW.{one}" for one in columns)
            more = _ON_POSTGRESQL.format(
                table=table, by=_BY[table], columns=", ".join(columns), differs=differs
            )
        else:
            differs = " OR ".join(f"old.{one} IS NOT new.{one}" for one in columns)
            old, new = (_stale_on_sqlite(table, row) for row in ("old", "new"))
            more = _ON_SQLITE.format(
                table=table, columns=", ".join(columns), differs=differs, old=old, new=new
            )
        made += more.split("---")
    return made


def _stale_on_sqlite(table: str, row: str) -> str:
    if table == "calls":
        return _OF_MOMENT.format(moment=f"{row}.arrived_at")
    if table != "presence_history":
        return _OF_CALL.format(row=row)
    return _OF_MOMENT.format(moment="new.at") if row == "new" else _OF_DAY_BEFORE.format(row=row)
