"""The table of webhooks. What is owed to one stands in the outbox, as `webhook:ID`."""

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from hotline.webhooks.states import WebhookState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("token_id", KEY, ForeignKey("api_tokens.id"), nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("events", JSON, nullable=False),
    Column("secret", Text, nullable=False),
    Column("old_secret", Text),
    Column("old_until", Moment),
    Column("state", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("made_at", Moment, nullable=False),
    # Lines of `appeal_history` and `outage_history` up to which it was told.
    Column("appeal_place", BigInteger, nullable=False),
    Column("outage_place", BigInteger, nullable=False),
    Column("presence_place", BigInteger, nullable=False, server_default="0"),
    Column("replays", Integer, nullable=False, server_default="0"),
    Column("failing_since", Moment),
    Column("fault", ForeignText, nullable=False, server_default=""),
    Column("delivered_at", Moment),
    one_of("state", WebhookState),
)
Index("ix_webhooks_token", webhooks.c.token_id, webhooks.c.id)
