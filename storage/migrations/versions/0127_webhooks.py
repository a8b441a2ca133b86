"""Webhooks of other systems; what is owed to them stands in the outbox and is nobody's to decide."""

import sqlalchemy as sa
from alembic import op

from storage.tables.columns import KEY, ForeignText, Moment

revision = "0127"
down_revision = "0126"
branch_labels = None
depends_on = None

_COUNT = """
CREATE TRIGGER table_writes_webhooks_{write} AFTER {write} ON webhooks BEGIN
    UPDATE table_writes SET written = written + 1 WHERE name = 'webhooks';
END
"""
_NOTIFIES = """
CREATE TRIGGER table_writes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON webhooks
FOR EACH STATEMENT EXECUTE FUNCTION table_writes()
"""


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", KEY, nullable=False),
        sa.Column("token_id", KEY, nullable=False),
        sa.Column("address", ForeignText, nullable=False),
        sa.Column("events", sa.JSON, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("old_secret", sa.Text),
        sa.Column("old_until", Moment),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("made_at", Moment, nullable=False),
        sa.Column("appeal_place", sa.BigInteger, nullable=False),
        sa.Column("outage_place", sa.BigInteger, nullable=False),
        sa.Column("replays", sa.Integer, nullable=False, server_default="0"),
        sa.Column("failing_since", Moment),
        sa.Column("fault", ForeignText, nullable=False, server_default=""),
        sa.Column("delivered_at", Moment),
        sa.CheckConstraint("state IN ('on', 'off', 'failed', 'ended')", name=op.f("ck_webhooks_state")),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_webhooks_token_id_api_tokens")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_index("ix_webhooks_token", "webhooks", ["token_id", "id"])
    if op.get_bind().dialect.name != "sqlite":
        op.execute(_NOTIFIES)
        return
    op.execute("INSERT INTO table_writes (name, written) VALUES ('webhooks', 0)")
    for write in ("INSERT", "UPDATE", "DELETE"):
        op.execute(_COUNT.format(write=write))
