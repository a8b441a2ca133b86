"""One more kind of a camera's stream: WebRTC, by WHEP."""

import sqlalchemy as sa
from alembic import op

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None

_KIND = "ck_cameras_kind"
_KINDS, _MORE = "'mjpeg', 'hls', 'rtsp'", "'webrtc'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _one_more_kind_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_KIND), "cameras", type_="check")
        op.create_check_constraint(op.f(_KIND), "cameras", f"kind IN ({_KINDS}, {_MORE})")


def _one_more_kind_on_sqlite(connection: sa.Connection) -> None:
    """Write it into the schema itself, as 0107 did: SQLite changes no check of a table that there is."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    made = sa.text(
        "UPDATE sqlite_master SET sql = replace(sql, :before, :after)"
        " WHERE type = 'table' AND name = 'cameras'"
    )
    connection.execute(made, {"before": f"({_KINDS})", "after": f"({_KINDS}, {_MORE})"})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
