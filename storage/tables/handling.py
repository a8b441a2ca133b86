"""Tables of acts on appeals: executors, routing rules, histories and notices."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)

from hotline.delivery.notice_states import UNDECIDED, NoticeState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

executors = Table(
    "executors",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", ForeignText, nullable=False, unique=True),
    Column("short", ForeignText, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    # An `Open311Endpoint`, but for its key.
    Column("open311", JSON(none_as_null=True)),
)

# The key by which an enterprise's own server lets us in.
endpoint_keys = Table(
    "endpoint_keys",
    metadata,
    Column("executor_id", KEY, ForeignKey("executors.id"), primary_key=True, autoincrement=False),
    Column("key", ForeignText, nullable=False),
)

executor_contacts = Table(
    "executor_contacts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("executor_id", KEY, ForeignKey("executors.id"), nullable=False, index=True),
    Column("name", ForeignText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("number", Text),
    Column("email", ForeignText),
    Column("channels", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
)

routing_rules = Table(
    "routing_rules",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("executor_id", KEY, ForeignKey("executors.id"), nullable=False, index=True),
    Column("categories", JSON, nullable=False),
    Column("utilities", JSON, nullable=False),
    Column("areas", JSON, nullable=False),
    Column("hours", JSON, nullable=False),
    Column("on_days", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("note", ForeignText, nullable=False),
)

# Appended to and never changed. No foreign key leads to `appeals`: SQLite could not rebuild that table then.
appeal_history = Table(
    "appeal_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", Moment, nullable=False),
    Column("act", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("executor_id", KEY, ForeignKey("executors.id")),
    Column("state_before", Text),
    Column("state_after", Text, nullable=False),
    Column("said", ForeignText, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("step", Text),
    UniqueConstraint("number", "version", name="uq_appeal_history_number_version"),
    UniqueConstraint("number", "step", name="uq_appeal_history_number_step"),
)

# What reports ask of each appeal that was closed: was it disputed, its closing taken down, accepted soon.
DISPUTED = "act = 'dispute'"
TAKEN_DOWN = "act = 'confirm' AND user_id IS NOT NULL"
GIVEN = "state_after = 'assigned'"
TAKEN_UP = "state_before = 'assigned' AND state_after = 'accepted'"
# What programs read of the whole register: lines that the applicant may see and that moved a state.
MOVED = "NOT hidden AND state_before <> state_after"
for name, of, where in (
    ("moved", (appeal_history.c.at, appeal_history.c.id), MOVED),
    ("disputed", (appeal_history.c.number,), DISPUTED),
    ("taken_down", (appeal_history.c.number, appeal_history.c.at), TAKEN_DOWN),
    (
        "given",
        tuple(appeal_history.c[one] for one in ("number", "version", "at", "state_before", "act")),
        GIVEN,
    ),
    ("taken_up", (appeal_history.c.number, appeal_history.c.version, appeal_history.c.at), TAKEN_UP),
):
    Index(f"ix_appeal_history_{name}", *of, sqlite_where=text(where), postgresql_where=text(where))

# The outbox. Written in the act's transaction; what it is about is what it was then: an entry of an appeal's
# history, or another matter (an outage, an order).
notices = Table(
    "notices",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", Text, nullable=False, index=True),
    Column("entry_id", KEY, ForeignKey("appeal_history.id")),
    Column("matter", Text, nullable=False, server_default=""),
    Column("recipient", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("about", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("owed_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("provider_id", ForeignText, nullable=False),
    Column("fault", ForeignText, nullable=False),
    Column("round", Integer, nullable=False, server_default="0"),
    Column("seen_by", KEY, ForeignKey("users.id")),
    UniqueConstraint("entry_id", "recipient", "channel", name="uq_notices_entry_id_recipient_channel"),
    one_of("state", NoticeState),
)
Index(
    "uq_notices_matter_recipient_channel",
    notices.c.matter,
    notices.c.recipient,
    notices.c.channel,
    unique=True,
    sqlite_where=text("matter <> ''"),
    postgresql_where=text("matter <> ''"),
)
Index(
    "ix_notices_owed",
    notices.c.channel,
    notices.c.due_at,
    notices.c.id,
    sqlite_where=text("state = 'owed'"),
    postgresql_where=text("state = 'owed'"),
)
Index(
    "ix_notices_claimed",
    notices.c.changed_at,
    sqlite_where=text("state = 'claimed'"),
    postgresql_where=text("state = 'claimed'"),
)
# Notices that a person decides, or the gateway is asked about; SQLite uses it for a query with these words.
TO_DECIDE = "state IN ({})".format(", ".join(f"'{one.value}'" for one in sorted(UNDECIDED)))
Index(
    "ix_notices_undecided",
    notices.c.changed_at,
    sqlite_where=text(TO_DECIDE),
    postgresql_where=text(TO_DECIDE),
)
# Notices that gateways report on.
Index(
    "ix_notices_sent",
    notices.c.channel,
    notices.c.changed_at,
    sqlite_where=text("state = 'sent' AND provider_id <> ''"),
    postgresql_where=text("state = 'sent' AND provider_id <> ''"),
)
Index(
    "ix_notices_provider",
    notices.c.provider_id,
    sqlite_where=text("provider_id <> ''"),
    postgresql_where=text("provider_id <> ''"),
)
# The journal of letters, by days.
GIVEN = "state IN ('sent', 'delivered')"
Index(
    "ix_notices_given",
    notices.c.changed_at,
    sqlite_where=text(GIVEN),
    postgresql_where=text(GIVEN),
)
# What somebody has read on their page, the latest first.
SEEN_ON_PAGE = "state = 'sent' AND channel = 'page'"
Index(
    "ix_notices_seen",
    notices.c.recipient,
    notices.c.changed_at,
    sqlite_where=text(SEEN_ON_PAGE),
    postgresql_where=text(SEEN_ON_PAGE),
)
# Waiting notices, counted by the page of the service's state: the index has the query's very words.
UNSENT = "state IN ('owed', 'claimed', 'failed', 'unsure') AND channel <> 'page'"
Index(
    "ix_notices_unsent",
    notices.c.channel,
    notices.c.state,
    sqlite_where=text(UNSENT),
    postgresql_where=text(UNSENT),
)
Index("ix_notices_recipient", notices.c.recipient, notices.c.state, notices.c.owed_at)

appeal_files = Table(
    "appeal_files",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", Text, nullable=False, index=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", ForeignText, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("uploaded_by", KEY, ForeignKey("users.id")),
    Column("uploaded_at", Moment, nullable=False),
)
