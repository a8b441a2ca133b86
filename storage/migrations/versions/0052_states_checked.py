"""The database itself refuses a state that its machine does not know, or without what belongs to it."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_MENDED = (
    "UPDATE places SET left_at = entered_at WHERE state = 'left' AND left_at IS NULL",
    "UPDATE places SET left_at = NULL WHERE state <> 'left' AND left_at IS NOT NULL",
    "UPDATE dispatchers SET wrap_up_until = since WHERE presence = 'after-call' AND wrap_up_until IS NULL",
    "UPDATE dispatchers SET wish = NULL, wish_reason = NULL WHERE presence NOT IN ('offered', 'talking')",
)
"""What statements of before may have left."""
_CHECKS = {
    "appeals": {
        "state": "state IN ('registered', 'assigned', 'accepted', 'in-work', 'done', 'being-checked',"
        " 'closed', 'closed-unconfirmed', 'disputed', 'forwarded', 'rejected', 'withdrawn')",
        "registered": "state <> 'registered' OR executor_id IS NULL",
    },
    "campaigns": {"state": "state IN ('draft', 'running', 'paused', 'stopped', 'done')"},
    "dispatchers": {
        "presence": "presence IN ('away', 'ready', 'paused', 'offered', 'talking', 'after-call')",
        "wrap_up": "(presence = 'after-call') = (wrap_up_until IS NOT NULL)",
        "wish": "(wish IS NULL AND wish_reason IS NULL) OR (wish IN ('paused', 'away')"
        " AND wish_reason IS NOT NULL AND presence IN ('offered', 'talking'))",
    },
    "imports": {
        "state": "state IN ('checked', 'running', 'done', 'stopped')",
        "ended": "(state = 'done') = (ended_at IS NOT NULL)",
    },
    "informing_orders": {
        "state": "state IN"
        " ('draft', 'submitted', 'approved', 'preparing', 'running', 'paused', 'stopped', 'done')",
        "decided": "(approver_id IS NULL) = (decided_at IS NULL)",
        "approved": "state IN ('draft', 'submitted', 'stopped') OR approver_id IS NOT NULL",
        "second_person": "approver_id <> author_id",
    },
    "notices": {"state": "state IN ('owed', 'claimed', 'sent', 'delivered', 'failed', 'needless', 'unsure')"},
    "outage_alerts": {
        "state": "state IN ('open', 'accepted', 'belongs', 'covered', 'dismissed')",
        "decided": "(state = 'open') = (decided_at IS NULL)",
        "outage": "(state IN ('accepted', 'belongs', 'covered')) = (outage_id IS NOT NULL)",
    },
    "places": {
        "state": "state IN ('waiting', 'offered', 'talking', 'left')",
        "left": "(state = 'left') = (left_at IS NOT NULL)",
        "waiting": "state <> 'waiting' OR dispatcher_id IS NULL",
        "offered": "state <> 'offered' OR dispatcher_id IS NOT NULL",
        "kept": "state <> 'talking' OR callback_to IS NULL",
    },
    "scheduled_callbacks": {
        "state": "state IN ('due', 'done', 'given-up')",
        "claim": "(claimed_by IS NULL) = (claimed_at IS NULL)",
    },
}


def upgrade() -> None:
    for statement in _MENDED:
        op.execute(statement)
    if op.get_bind().dialect.name == "sqlite":
        _on_sqlite(op.get_bind())
        return
    for table, checks in _CHECKS.items():
        for name, check in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, check)


def _on_sqlite(connection: sa.Connection) -> None:
    """Write the checks into the schema itself, as https://sqlite.org/lang_altertable.html describes it.

    To build a table anew it would have to be dropped, and others refer to it.
    """
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    for table, checks in _CHECKS.items():
        named = {"type": "table", "name": table}
        made = connection.execute(_MADE, named).scalar_one()
        columns, _, options = made.rpartition(")")
        added = "".join(f", CONSTRAINT ck_{table}_{name} CHECK ({check})" for name, check in checks.items())
        connection.execute(_MAKE, named | {"sql": f"{columns}{added}){options}"})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
    for table in _CHECKS:
        found = connection.exec_driver_sql(f"PRAGMA integrity_check({table})").scalars().all()
        if found != ["ok"]:
            raise ValueError(f"The table {table} holds what its states do not allow: {'; '.join(found)}")


_SCHEMA = sa.table("sqlite_master", sa.column("type"), sa.column("name"), sa.column("sql"))
_THIS = sa.and_(_SCHEMA.c.type == sa.bindparam("type"), _SCHEMA.c.name == sa.bindparam("name"))
_MADE = sa.select(_SCHEMA.c.sql).where(_THIS)
_MAKE = sa.text("UPDATE sqlite_master SET sql = :sql WHERE type = :type AND name = :name")
