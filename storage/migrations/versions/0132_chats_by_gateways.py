"""Two more media of chats: Viber and WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None

_MEDIUM = "ck_chats_medium"
_MEDIA, _MORE = "'web', 'telegram', 'sms'", "'viber', 'whatsapp'"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _more_media_on_sqlite(op.get_bind())
    else:
        op.drop_constraint(op.f(_MEDIUM), "chats", type_="check")
        op.create_check_constraint(op.f(_MEDIUM), "chats", f"medium IN ({_MEDIA}, {_MORE})")


def _more_media_on_sqlite(connection: sa.Connection) -> None:
    """Write them into the schema itself: SQLite changes no check of a table that there is."""
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    made = sa.text(
        "UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'chats'"
    )
    connection.execute(made, {"before": f"({_MEDIA})", "after": f"({_MEDIA}, {_MORE})"})
    connection.exec_driver_sql(f"PRAGMA schema_version = {version + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = RESET")
