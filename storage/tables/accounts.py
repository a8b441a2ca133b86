"""Tables of users, sessions, the audit log, and the tokens of other systems."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, ForeignKey, Index, Table, Text, false

from hotline.access.bodies import Body
from storage.tables.columns import KEY, ForeignText, Moment, dispatcher_key, metadata, one_of

users = Table(
    "users",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", ForeignText, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_secret", Text),
    Column("totp_step", BigInteger),
    dispatcher_key("dispatcher_id", unique=True),
    Column("active", Boolean, nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("executor_id", KEY, ForeignKey("executors.id"), index=True),
    Column("signed_in_at", Moment),
    Column("phone_code_hash", Text),
    Column("phone", Text),
    Column("telephone", Text),
    Column("email", ForeignText),
    Column("password_given", Boolean, nullable=False, server_default=false()),
    Column("body", Text),
    Column("sees_people", Boolean, nullable=False, server_default=false()),
    one_of("body", Body),
)

user_sessions = Table(
    "user_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False, index=True),
    Column("csrf", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("awaits_code", Boolean, nullable=False),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("login", ForeignText, nullable=False, index=True),
    Column("address", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("succeeded", Boolean, nullable=False),
)

# Appended to and never changed: what an inspection of access to personal data asks for.
audit = Table(
    "audit",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Moment, nullable=False, index=True),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("action", Text, nullable=False),
    Column("subject", ForeignText, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("detail", ForeignText, nullable=False),
    Column("acting_head", Boolean, nullable=False, server_default=false()),
)
Index("ix_audit_of_user", audit.c.user_id, audit.c.at)
Index("ix_audit_of_action", audit.c.action, audit.c.at)

acting_heads = Table(
    "acting_heads",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    Column("order", ForeignText, nullable=False),
    Column("named_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("named_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", KEY, ForeignKey("users.id")),
)

# A key belongs to the whole request of a program that came with it: sent with another one it is refused.
keyed_requests = Table(
    "keyed_requests",
    metadata,
    Column("key", Text, primary_key=True),
    Column("fingerprint", Text, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("secret_hash", Text, nullable=False, unique=True),
    # The secret before the present one, which is good until then.
    Column("old_hash", Text, index=True),
    Column("old_until", Moment),
    Column("name", ForeignText, nullable=False),
    Column("role", Text, nullable=False),
    Column("personal", Boolean, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    Column("revoked_at", Moment),
    Column("executor_id", KEY, ForeignKey("executors.id")),
    Column("scopes", JSON, nullable=False, server_default="[]"),
    # The key of an agreement with another city (`neighbour_agreements.token_id`).
    Column("for_agreement", Boolean, nullable=False, server_default=false()),
)
