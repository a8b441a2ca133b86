"""The register of equipment, its changes of state, and when the board looked."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, Moment

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

_KINDS = (
    "'trunk', 'asterisk', 'database', 'queue', 'sms', 'mail', 'disk', 'certificate', 'backup', 'recordings', "
    "'service', 'ups', 'router', 'printer', 'camera', 'camera-server', 'other'"
)
_WAYS = "'built-in', 'tcp', 'http', 'ping', 'certificate', 'nut'"
_STATES = "'in-order', 'disturbed', 'out-of-order', 'not-known'"


def upgrade() -> None:
    op.create_table(
        "equipment_items",
        sa.Column("id", KEY, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("port", sa.Integer, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("interval_seconds", sa.Integer, nullable=False),
        sa.Column("timeout_seconds", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("whom", sa.Text, nullable=False),
        sa.Column("after_minutes", sa.Integer, nullable=False),
        sa.Column("urgent", sa.Boolean, nullable=False),
        sa.Column("task_after_minutes", sa.Integer),
        sa.Column("maintained_since", Moment),
        sa.Column("maintained_until", Moment),
        sa.Column("maintained_for", sa.Text, server_default="", nullable=False),
        sa.Column("version", sa.Integer, server_default="1", nullable=False),
        sa.Column("removed_at", Moment),
        sa.CheckConstraint(f"kind IN ({_KINDS})", name=op.f("ck_equipment_items_kind")),
        sa.CheckConstraint(f"way IN ({_WAYS})", name=op.f("ck_equipment_items_way")),
        sa.CheckConstraint(
            "(maintained_since IS NULL) = (maintained_until IS NULL) AND maintained_since < maintained_until",
            name=op.f("ck_equipment_items_maintained"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_items")),
    )
    op.create_index(
        "uq_equipment_items_built_in",
        "equipment_items",
        ["kind"],
        unique=True,
        sqlite_where=sa.text("way = 'built-in'"),
        postgresql_where=sa.text("way = 'built-in'"),
    )
    op.create_table(
        "equipment_changes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.CheckConstraint(f"state IN ({_STATES})", name=op.f("ck_equipment_changes_state")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["equipment_items.id"], name=op.f("fk_equipment_changes_item_id_equipment_items")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_changes")),
    )
    op.create_index("ix_equipment_changes_item_id", "equipment_changes", ["item_id", "id"])
    op.create_table(
        "equipment_watches",
        sa.Column("id", KEY, nullable=False),
        sa.Column("began_at", Moment, nullable=False),
        sa.Column("looked_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_watches")),
    )
    op.create_table(
        "equipment_measures",
        sa.Column("id", KEY, nullable=False),
        sa.Column("free_bytes", sa.BigInteger, nullable=False),
        sa.Column("measured_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_measures")),
    )
    op.create_index(op.f("ix_equipment_measures_measured_at"), "equipment_measures", ["measured_at"])
