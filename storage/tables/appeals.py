"""Tables of the register of appeals, and of half-filled forms."""

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
    false,
    text,
)

from hotline.appeals.appeal import PENDING, AppealState
from storage.tables.columns import IN_ORDER, KEY, ForeignText, Moment, metadata, one_of

appeals = Table(
    "appeals",
    metadata,
    Column("number", Text, primary_key=True),
    Column("applicant_number", Text, index=True),
    Column("text", ForeignText, nullable=False),
    Column("state", Text, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("due_at", Moment),
    # From `hotline.appeals.statute`; breaches are counted and listed by it. NULL where no law sets an end.
    Column("law_ends_at", Moment),
    Column("kind", Text, nullable=False, server_default="application"),
    Column("category", Text, nullable=False, server_default=""),
    Column("classifier", Integer, nullable=False, server_default="1"),
    Column("address", ForeignText, nullable=False, server_default=""),
    # As it is compared, in the order of code points: addresses with one beginning lie side by side.
    Column("address_key", IN_ORDER, nullable=False, server_default=""),
    Column("applicant_id", KEY, ForeignKey("citizens.id"), index=True),
    Column("urgency", Text, nullable=False, server_default="ordinary"),
    Column("consent", Boolean, nullable=False, server_default=false()),
    Column("sign", Text, nullable=False, server_default="first"),
    Column("earlier", Text),
    Column("call_id", Text, index=True),
    Column("registered_by", KEY, ForeignKey("users.id")),
    Column("idempotency_key", ForeignText, unique=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("state_since", Moment),
    Column("executor_id", KEY, ForeignKey("executors.id")),
    Column("assignee_id", KEY),
    Column("subject", Text, nullable=False, server_default="individual"),
    Column("receipt", Text, nullable=False, server_default="phone"),
    Column("served_first", Boolean, nullable=False, server_default=false()),
    Column("parent", Text, index=True),
    Column("result", Text),
    Column("answer", ForeignText, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("extended", Boolean, nullable=False, server_default=false()),
    Column("extension_wanted", Date),
    Column("question", ForeignText, nullable=False, server_default=""),
    Column("controlled", Boolean, nullable=False, server_default=false()),
    Column("reply_by", Text),
    Column("reply_to", ForeignText, nullable=False, server_default=""),
    Column("only_in_writing", Boolean, nullable=False, server_default=false()),
    Column("language", Text, nullable=False, server_default="uk"),
    Column("registration_index", ForeignText, nullable=False, server_default="", index=True),
    # `hotline.city.questions.Detail`, each with the words of its question.
    Column("details", JSON, nullable=False, server_default="[]"),
    one_of("state", AppealState),
    CheckConstraint("state <> 'registered' OR executor_id IS NULL", name="registered"),
)
Index(
    "ix_appeals_asked",
    appeals.c.number,
    sqlite_where=text("question <> ''"),
    postgresql_where=text("question <> ''"),
)
Index("ix_appeals_alike", appeals.c.category, appeals.c.address_key, appeals.c.registered_at)
# One for each filter of the list: all that is compared and sorted by, so that only a page's rows are read.
Index("ix_appeals_newest", appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_address", appeals.c.address_key, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_term", appeals.c.due_at, appeals.c.number)
Index("ix_appeals_state_term", appeals.c.state, appeals.c.due_at, appeals.c.number)
Index("ix_appeals_state", appeals.c.state, appeals.c.registered_at, appeals.c.number)
# What is owed by its term, narrowed by anything else: few of all that ever were, looked through without them.
# SQLite begins with a state each, and sorts.
Index(
    "ix_appeals_owed",
    appeals.c.due_at,
    *(appeals.c.number, appeals.c.registered_at, appeals.c.state, appeals.c.kind, appeals.c.category),
    *(appeals.c.urgency, appeals.c.sign, appeals.c.registered_by, appeals.c.executor_id),
    postgresql_where=appeals.c.state.in_(sorted(state.value for state in PENDING)),
).ddl_if(dialect="postgresql")
Index("ix_appeals_category", appeals.c.category, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_urgency", appeals.c.urgency, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_kind", appeals.c.kind, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_sign", appeals.c.sign, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_of_executor", appeals.c.executor_id, appeals.c.state, appeals.c.due_at)
Index("ix_appeals_executor", appeals.c.executor_id, appeals.c.registered_at, appeals.c.number)
Index(
    "ix_appeals_assignee",
    *(appeals.c.assignee_id, appeals.c.registered_at, appeals.c.number),
    sqlite_where=text("assignee_id IS NOT NULL"),
    postgresql_where=text("assignee_id IS NOT NULL"),
)
Index("ix_appeals_registrar", appeals.c.registered_by, appeals.c.registered_at, appeals.c.number)
Index(
    "ix_appeals_answered_at",
    appeals.c.reply_to,
    sqlite_where=text("reply_to <> ''"),
    postgresql_where=text("reply_to <> ''"),
)
# The city's figures: what was closed when, how long it took and whether in time; topics of the last weeks.
Index("ix_appeals_closed", appeals.c.state, appeals.c.state_since, appeals.c.registered_at, appeals.c.due_at)
Index("ix_appeals_topics", appeals.c.registered_at, appeals.c.category)
# Control: appeals received and ended, counted by enterprise; appeals under the head's control.
Index("ix_appeals_received", appeals.c.registered_at, appeals.c.executor_id, appeals.c.state)
Index(
    "ix_appeals_controlled",
    appeals.c.due_at,
    appeals.c.number,
    sqlite_where=text("controlled = 1"),
    postgresql_where=text("controlled"),
)

appeal_counters = Table(
    "appeal_counters",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

consultations = Table(
    "consultations",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("call_id", Text, index=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("at", Moment, nullable=False),
)

appeal_forms = Table(
    "appeal_forms",
    metadata,
    Column("user_id", KEY, ForeignKey("users.id"), primary_key=True),
    Column("call_id", ForeignText, primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("saved_at", Moment, nullable=False),
)
