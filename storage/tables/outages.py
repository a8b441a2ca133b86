"""Tables of outages, their histories and watchers."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.tables.columns import KEY, ForeignText, Moment, metadata

outages = Table(
    "outages",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("utility", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("expected_end", Moment),
    Column("ended_at", Moment, index=True),
    Column("areas", JSON, nullable=False, server_default="[]"),
    Column("reason", ForeignText, nullable=False, server_default=""),
    # The order that the works are by; the word alone is one of SQL.
    Column("by_order", ForeignText, nullable=False, server_default=""),
    Column("executor_id", KEY, ForeignKey("executors.id")),
    Column("cancelled", Boolean, nullable=False, server_default=false()),
    Column("entered_at", Moment, nullable=False),
    Column("source", Text, nullable=False, server_default="service"),
    Column("version", Integer, nullable=False, server_default="1"),
    # The sender's idempotency key: an outage sent twice is entered once.
    Column("idempotency_key", Text, unique=True),
)
Index("ix_outages_newest", outages.c.starts_at, outages.c.id)
Index("ix_outages_of_executor", outages.c.executor_id, outages.c.starts_at)

# Appended to and never changed: who entered it when is what late entries are judged by (regulation 4.3).
outage_history = Table(
    "outage_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("outage_id", KEY, ForeignKey("outages.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("act", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("executor_id", KEY, ForeignKey("executors.id")),
    Column("source", Text, nullable=False),
    Column("note", ForeignText, nullable=False),
    Column("facts", JSON, nullable=False),
    UniqueConstraint("outage_id", "version", name="uq_outage_history_outage_id_version"),
)

# Watchers of an outage, with the version that each knows.
outage_watchers = Table(
    "outage_watchers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("outage_id", KEY, ForeignKey("outages.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("language", Text, nullable=False),
    Column("call_id", Text),
    Column("asked_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("outage_id", "channel", "address", name="uq_outage_watchers_outage_id_channel_address"),
)
# Looked through every other second.
Index("ix_outage_watchers_behind", outage_watchers.c.outage_id, outage_watchers.c.version)

# Answers of watchers who were called about a version. The watcher may be gone by then: no key leads there.
outage_answers = Table(
    "outage_answers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("outage_id", KEY, ForeignKey("outages.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("watcher_id", KEY, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("call_id", Text),
    Column("appeal", Text),
    UniqueConstraint(
        "outage_id", "version", "watcher_id", name="uq_outage_answers_outage_id_version_watcher_id"
    ),
)

# Subscriptions to outages at an address, or to one outage: requested, confirmed (the consent), ended.
# With `ahead_minutes` it is for the changes of the power by schedule: `told_change` and `told_supply` are the
# change that they heard of last, `told_count` how often they were told on `told_day`.
outage_subscriptions = Table(
    "outage_subscriptions",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("contact", ForeignText, nullable=False),
    Column("language", Text, nullable=False),
    Column("street", ForeignText, nullable=False),
    Column("house", ForeignText, nullable=False),
    Column("quarter", ForeignText, nullable=False),
    Column("outage_id", KEY, ForeignKey("outages.id")),
    Column("code", Text, nullable=False),
    Column("network", Text, nullable=False, server_default=""),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("asked_at", Moment, nullable=False),
    Column("confirmed_at", Moment, index=True),
    Column("ended_at", Moment),
    Column("ahead_minutes", Integer),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("told_change", Moment),
    Column("told_supply", Text),
    Column("told_day", Date),
    Column("told_count", Integer, nullable=False, server_default="0"),
    CheckConstraint(
        "(ahead_minutes IS NULL) = (quiet_from IS NULL) AND (ahead_minutes IS NULL) = (quiet_until IS NULL)",
        name="ahead",
    ),
)
# Codes of the last day that nobody has confirmed: each that is asked for counts them.
Index(
    "ix_outage_subscriptions_unconfirmed",
    outage_subscriptions.c.channel,
    outage_subscriptions.c.asked_at,
    sqlite_where=text("confirmed_at IS NULL"),
    postgresql_where=text("confirmed_at IS NULL"),
)
Index(
    "ix_outage_subscriptions_of_contact",
    outage_subscriptions.c.contact,
    outage_subscriptions.c.channel,
    outage_subscriptions.c.asked_at,
)
