"""The tables, once for both databases: what alembic compares and every statement is built from."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    false,
    text,
)
from sqlalchemy.types import BigInteger, TypeDecorator


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC and given back aware; a naive one is refused (ValueError)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} names no time zone.")
        if dialect.name == "sqlite":
            return value.astimezone(UTC).replace(tzinfo=None)
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class ForeignText(TypeDecorator[str]):
    """Text from outside: what no database can store (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

_KEY = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only in an INTEGER key
_IN_ORDER = ForeignText().with_variant(ForeignText(collation="C"), "postgresql")


def _dispatcher(name: str, **options: Any) -> Column[int]:
    return Column(name, _KEY, ForeignKey("dispatchers.id"), **options)


# No foreign key leads to `calls`: a call's own row goes through the journal and may come after its
# recording, or only from Asterisk's CEL when the service was killed before it was written.
calls = Table(
    "calls",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", ForeignText),
    Column("shown", ForeignText, nullable=False),
    Column("arrived_at", Moment, nullable=False, index=True),
    Column("language", Text, nullable=False),
    Column("answered_at", Moment),
    Column("first_prompt_at", Moment),
    Column("ended_at", Moment),
    Column("outcome", Text),
    Column("recording_refused", Boolean, nullable=False),
    Column("direction", Text, nullable=False, server_default="incoming"),
)
Index(
    "ix_calls_unended",
    calls.c.arrived_at,
    sqlite_where=calls.c.ended_at.is_(None),
    postgresql_where=calls.c.ended_at.is_(None),
)
Index("ix_calls_of_number", calls.c.number, calls.c.arrived_at)
Index(
    "ix_calls_abandoned",
    calls.c.arrived_at,
    sqlite_where=text("outcome = 'abandoned-in-line'"),
    postgresql_where=text("outcome = 'abandoned-in-line'"),
)

Index("ix_calls_outcome", calls.c.outcome, calls.c.arrived_at)
Index("ix_calls_direction", calls.c.direction, calls.c.arrived_at)
# Without it SQLite looks for a number's later talk among all talks since: minutes with a year of calls.
Index("ix_calls_of_number_outcome", calls.c.number, calls.c.outcome, calls.c.arrived_at)

journey_steps = Table(
    "journey_steps",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("step", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    sqlite_with_rowid=False,
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    _dispatcher("dispatcher_id", nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("caller_file", Text, nullable=False),
    Column("dispatcher_file", Text, nullable=False),
    Column("listening_file", Text),
    Column("seconds", Float),
)

voice_messages = Table(
    "voice_messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("number", ForeignText),
    Column("file", Text, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seconds", Float),
    Column("heard_at", Moment),
)

dispatchers = Table(
    "dispatchers",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("extension", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("duty", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("rest_until", Moment),
)

dispatcher_skills = Table(
    "dispatcher_skills",
    metadata,
    _dispatcher("dispatcher_id", primary_key=True),
    Column("skill", Text, primary_key=True),
)

# Appended to and never changed: who was present when is evidence.
presence_history = Table(
    "presence_history",
    metadata,
    Column("id", _KEY, primary_key=True),
    _dispatcher("dispatcher_id", nullable=False, index=True),
    Column("duty", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

places = Table(
    "places",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("priority", Integer, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("skill", Text),
    _dispatcher("wanted_dispatcher_id"),
    _dispatcher("dispatcher_id"),
    Column("offers", Integer, nullable=False),
    Column("left_at", Moment),
)
Index(
    "ix_places_in_line",
    places.c.state,
    places.c.priority,
    places.c.entered_at,
    sqlite_where=text("state <> 'left'"),
    postgresql_where=text("state <> 'left'"),
)

talks = Table(
    "talks",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    _dispatcher("dispatcher_id", nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, index=True),
)
Index("ix_talks_of_dispatcher", talks.c.dispatcher_id, talks.c.started_at)

outages = Table(
    "outages",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("utility", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("expected_end", Moment),
    Column("ended_at", Moment, index=True),
)

appeals = Table(
    "appeals",
    metadata,
    Column("number", Text, primary_key=True),
    Column("applicant_number", Text, index=True),
    Column("summary", ForeignText, nullable=False),
    Column("state", Text, nullable=False),
    Column("registered_at", Moment, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("due_at", Moment),
    Column("kind", Text, nullable=False, server_default="application"),
    Column("category", Text, nullable=False, server_default=""),
    Column("classifier", Integer, nullable=False, server_default="1"),
    Column("address", ForeignText, nullable=False, server_default=""),
    # As it is compared, in the order of code points: addresses with one beginning lie side by side.
    Column("address_key", _IN_ORDER, nullable=False, server_default=""),
    Column("applicant_id", _KEY, ForeignKey("citizens.id"), index=True),
    Column("urgency", Text, nullable=False, server_default="ordinary"),
    Column("consent", Boolean, nullable=False, server_default=false()),
    Column("sign", Text, nullable=False, server_default="first"),
    Column("earlier", Text),
    Column("call_id", Text, index=True),
    Column("registered_by", _KEY, ForeignKey("users.id")),
    Column("form", ForeignText, unique=True),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("state_since", Moment),
    Column("executor_id", _KEY, ForeignKey("executors.id")),
    Column("assignee_id", _KEY),
    Column("subject", Text, nullable=False, server_default="individual"),
    Column("receipt", Text, nullable=False, server_default="phone"),
    Column("served_first", Boolean, nullable=False, server_default=false()),
    Column("parent", Text, index=True),
    Column("result", Text),
    Column("answer", ForeignText, nullable=False, server_default=""),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("extended", Boolean, nullable=False, server_default=false()),
    Column("extension_wanted", Date),
    Column("controlled", Boolean, nullable=False, server_default=false()),
    Column("reply_by", Text),
    Column("reply_to", ForeignText, nullable=False, server_default=""),
    Column("registration_index", ForeignText, nullable=False, server_default="", index=True),
)
Index("ix_appeals_alike", appeals.c.category, appeals.c.address_key, appeals.c.registered_at)
# One for each filter of the list: all that is compared and sorted by, so that only a page's rows are read.
Index("ix_appeals_newest", appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_address", appeals.c.address_key, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_term", appeals.c.due_at, appeals.c.number)
Index("ix_appeals_state_term", appeals.c.state, appeals.c.due_at, appeals.c.number)
Index("ix_appeals_state", appeals.c.state, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_category", appeals.c.category, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_urgency", appeals.c.urgency, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_kind", appeals.c.kind, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_sign", appeals.c.sign, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_of_executor", appeals.c.executor_id, appeals.c.state, appeals.c.due_at)
Index("ix_appeals_executor", appeals.c.executor_id, appeals.c.registered_at, appeals.c.number)
Index("ix_appeals_registrar", appeals.c.registered_by, appeals.c.registered_at, appeals.c.number)

appeal_counters = Table(
    "appeal_counters",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
)

consultations = Table(
    "consultations",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("call_id", Text, index=True),
    Column("user_id", _KEY, ForeignKey("users.id"), nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("at", Moment, nullable=False),
)

street_names = Table(
    "street_names",
    metadata,
    Column("normalised", ForeignText, primary_key=True),
    Column("name", ForeignText, nullable=False),
    Column("street", ForeignText, nullable=False, index=True),  # the present name; its own for a present one
)

appeal_forms = Table(
    "appeal_forms",
    metadata,
    Column("user_id", _KEY, ForeignKey("users.id"), primary_key=True),
    Column("call_id", ForeignText, primary_key=True),
    Column("fields", JSON, nullable=False),
    Column("saved_at", Moment, nullable=False),
)

citizens = Table(
    "citizens",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("name", ForeignText, nullable=False, index=True),
    Column("address", ForeignText, nullable=False),
)

# What the applicant said of themselves; the classifier's version is part of what a code means.
citizen_benefits = Table(
    "citizen_benefits",
    metadata,
    Column("citizen_id", _KEY, ForeignKey("citizens.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("noted_at", Moment, nullable=False),
)

citizen_words = Table(
    "citizen_words",
    metadata,
    # In the order of code points, so that the words with one beginning lie side by side.
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("citizen_id", _KEY, ForeignKey("citizens.id"), primary_key=True, index=True),
)

citizen_numbers = Table(
    "citizen_numbers",
    metadata,
    Column("number", Text, primary_key=True),
    Column("citizen_id", _KEY, ForeignKey("citizens.id"), primary_key=True, index=True),
)

cel_files = Table(
    "cel_files",
    metadata,
    Column("file", Text, primary_key=True),
    Column("offset", BigInteger, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", ForeignText, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", Text),
    Column("totp_step", BigInteger),
    _dispatcher("dispatcher_id", unique=True),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("executor_id", _KEY, ForeignKey("executors.id"), index=True),
    Column("signed_in_at", Moment),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", _KEY, ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("awaits_code", Boolean, nullable=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("login", ForeignText, nullable=False, index=True),
    Column("address", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("succeeded", Boolean, nullable=False),
)

# Appended to and never changed: what an inspection of access to personal data asks for.
audit = Table(
    "audit",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("user_id", _KEY, ForeignKey("users.id")),
    Column("action", Text, nullable=False),
    Column("subject", ForeignText, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("detail", ForeignText, nullable=False),
)
Index("ix_audit_of_user", audit.c.user_id, audit.c.at)
Index("ix_audit_of_action", audit.c.action, audit.c.at)

drafts = Table(
    "drafts",
    metadata,
    Column("user_id", _KEY, ForeignKey("users.id"), primary_key=True),
    Column("call_id", Text, primary_key=True, index=True),
    Column("text", ForeignText, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("put_aside_at", Moment),
)

# Appended to and never changed, as what is typed later must not alter what was known before.
call_notes = Table(
    "call_notes",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("user_id", _KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", ForeignText, nullable=False),
)

# Appended to and never changed: who tried to call whom back, and how it went.
callbacks = Table(
    "callbacks",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("number", Text),
    Column("covers_until", Moment, nullable=False),
    Column("call_id", Text, nullable=False),
    Column("user_id", _KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("result", Text, nullable=False),
    Column("note", ForeignText, nullable=False),
    Column("made_call_id", Text),
)
Index("ix_callbacks_of_number", callbacks.c.number, callbacks.c.covers_until)
Index("ix_callbacks_call_id", callbacks.c.call_id)

callback_claims = Table(
    "callback_claims",
    metadata,
    Column("number", Text, primary_key=True),
    Column("user_id", _KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", _KEY, primary_key=True),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("name", ForeignText, nullable=False),
    Column("role", Text, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("user_id", _KEY, ForeignKey("users.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
)

# What another system asked for under a key of its own: asked again, it is not done again.
citizen_requests = Table(
    "citizen_requests",
    metadata,
    Column("key", ForeignText, primary_key=True),
    Column("citizen_id", _KEY, ForeignKey("citizens.id"), nullable=False),
)
