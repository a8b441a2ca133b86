"""Cameras of the city's register as items of the board of equipment."""

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

_NAME, _WHERE = "uq_equipment_items_built_in", sa.text("way = 'built-in' AND kind <> 'camera'")


def upgrade() -> None:
    op.drop_index(_NAME, "equipment_items")
    op.create_index(
        _NAME, "equipment_items", ["kind"], unique=True, sqlite_where=_WHERE, postgresql_where=_WHERE
    )
    op.execute(
        "INSERT INTO equipment_items (name, kind, way, host, port, path, interval_seconds, timeout_seconds,"
        " failures, whom, after_minutes, urgent)"
        " SELECT name, 'camera', 'built-in', '', 0, CAST(id AS TEXT), 60, 5, 3, '', 5, FALSE"
        " FROM cameras WHERE removed_at IS NULL ORDER BY id"
    )
