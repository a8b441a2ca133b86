"""All tables as of 0127. Later migrations lead on from here; `storage.tables` is their sum.

A later migration that rebuilds a table in SQLite (batch) makes its triggers anew: they go with the table.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.tables.columns import IN_ORDER, KEY, Moment, metadata

revision = "0127"
down_revision = None
branch_labels = None
depends_on = None

LEMMAS = sa.Text().with_variant(TSVECTOR, "postgresql")
_METADATA = sa.MetaData(naming_convention=metadata.naming_convention)

# SQLite's full-text indexes, by the tables that they are over. Words beginning alike are found by prefixes of
# 3 to 8 letters.
_SEARCHED = {"appeal_texts": "appeal_lemmas", "transcripts": "transcript_lemmas"}
_FTS = """
CREATE VIRTUAL TABLE {fts} USING fts5(
    lemmas, content='{table}', content_rowid='id', detail=none, prefix='3 4 5 6 7 8', tokenize='ascii'
)
---
CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN
    INSERT INTO {fts} (rowid, lemmas) VALUES (new.id, new.lemmas);
END
---
CREATE TRIGGER {table}_gone AFTER DELETE ON {table} BEGIN
    INSERT INTO {fts} ({fts}, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
END
---
CREATE TRIGGER {table}_changed AFTER UPDATE ON {table} BEGIN
    INSERT INTO {fts} ({fts}, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
    INSERT INTO {fts} (rowid, lemmas) VALUES (new.id, new.lemmas);
END
"""

# Who writes to what every call asks for is told by triggers: SQLite counts, PostgreSQL notifies.
_RARE = (
    *("articles", "article_versions", "campaigns", "city_documents", "city_maps", "city_messages"),
    *("houses", "street_names", "informing_orders", "listening_orders", "outages", "power_emergencies"),
    *("power_schedules", "roster_weeks", "slower_places", "statements", "statement_versions"),
    *("voice_recordings", "webhooks"),
)
_OFTEN = (
    *("appeals", "call_jobs", "dispatchers", "dispatcher_skills", "notices", "outage_alerts"),
    *("outage_reports", "outage_watchers", "queue_entries"),
)
"""Where each transaction would notify, PostgreSQL is asked instead."""
_WRITES = sa.Table(
    "table_writes",
    sa.MetaData(naming_convention=metadata.naming_convention),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("written", sa.Integer, nullable=False),
)
_COUNT = """
CREATE TRIGGER table_writes_{name}_{write} AFTER {write} ON {name} BEGIN
    UPDATE table_writes SET written = written + 1 WHERE name = '{name}';
END
"""
_NOTIFY = """
CREATE FUNCTION table_writes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('table_writes', TG_TABLE_NAME);
    RETURN NULL;
END $$
"""
_NOTIFIES = """
CREATE TRIGGER table_writes AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {name}
FOR EACH STATEMENT EXECUTE FUNCTION table_writes()
"""

# Lists and figures are read from indexes alone where the server knows that a page holds no old rows. As it is
# set up, it finds out once a fifth of all appeals has changed: after weeks, and the newest are read most.
_APPEALS_OFTEN_VACUUMED = """
ALTER TABLE appeals SET (
    autovacuum_vacuum_scale_factor = 0.01,
    autovacuum_vacuum_insert_scale_factor = 0.01,
    autovacuum_analyze_scale_factor = 0.02
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    _METADATA.create_all(connection, checkfirst=False)
    if connection.dialect.name == "sqlite":
        _on_sqlite(connection)
        return
    op.execute(_APPEALS_OFTEN_VACUUMED)
    op.execute(_NOTIFY)
    for name in _RARE:
        op.execute(_NOTIFIES.format(name=name))


def _on_sqlite(connection: sa.Connection) -> None:
    for searched, fts in _SEARCHED.items():
        for statement in _FTS.format(table=searched, fts=fts).split("---"):
            op.execute(statement)
    _WRITES.create(connection)
    for name in (*_RARE, *_OFTEN):
        op.execute(_WRITES.insert().values(name=name, written=0))
        for write in ("INSERT", "UPDATE", "DELETE"):
            op.execute(_COUNT.format(name=name, write=write))


def _where(condition: str, sqlite: str | None = None) -> dict[str, Any]:
    """Give the options of a partial index; `sqlite` where its condition reads otherwise."""
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(sqlite or condition)}


# Accounts

sa.Table(
    "users",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("login", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("totp_secret", sa.Text),
    sa.Column("totp_step", sa.BigInteger),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), unique=True),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("signed_in_at", Moment),
    sa.Column("phone_code_hash", sa.Text),
    sa.Column("phone", sa.Text),
    sa.Column("password_given", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("telephone", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("body", sa.Text),
    sa.Column("sees_people", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("body IN ('mayor', 'council', 'committee', 'department')", name="body"),
    sa.Index("ix_users_executor_id", "executor_id"),
)
sa.Table(
    "user_sessions",
    _METADATA,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("csrf", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("seen_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("awaits_code", sa.Boolean, nullable=False),
    sa.Index("ix_user_sessions_expires_at", "expires_at"),
    sa.Index("ix_user_sessions_user_id", "user_id"),
)
sa.Table(
    "sign_in_attempts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("succeeded", sa.Boolean, nullable=False),
    sa.Index("ix_sign_in_attempts_address", "address"),
    sa.Index("ix_sign_in_attempts_login", "login"),
)
sa.Table(
    "audit",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("acting_head", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_audit_at", "at"),
    sa.Index("ix_audit_of_action", "action", "at"),
    sa.Index("ix_audit_of_user", "user_id", "at"),
    sa.Index("ix_audit_subject", "subject"),
)
sa.Table(
    "acting_heads",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "user_id", KEY, sa.ForeignKey("users.id", name="fk_acting_heads_user_id_users"), nullable=False
    ),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("order", sa.Text, nullable=False),
    sa.Column(
        "named_by", KEY, sa.ForeignKey("users.id", name="fk_acting_heads_named_by_users"), nullable=False
    ),
    sa.Column("named_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", KEY, sa.ForeignKey("users.id", name="fk_acting_heads_ended_by_users")),
    sa.Index("ix_acting_heads_until", "until"),
)
sa.Table(
    "keyed_requests",
    _METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, nullable=False),
)
sa.Table(
    "api_tokens",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("personal", sa.Boolean, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
    sa.Column("revoked_at", Moment),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("old_hash", sa.Text),
    sa.Column("old_until", Moment),
    sa.Column("scopes", sa.JSON, nullable=False, server_default="[]"),
    sa.Index("ix_api_tokens_old_hash", "old_hash"),
)

# Appeals

sa.Table(
    "appeals",
    _METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("applicant_number", sa.Text),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("registered_at", Moment, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("kind", sa.Text, nullable=False, server_default="application"),
    sa.Column("category", sa.Text, nullable=False, server_default=""),
    sa.Column("classifier", sa.Integer, nullable=False, server_default="1"),
    sa.Column("address", sa.Text, nullable=False, server_default=""),
    sa.Column("address_key", IN_ORDER, nullable=False, server_default=""),
    sa.Column("applicant_id", KEY, sa.ForeignKey("citizens.id")),
    sa.Column("urgency", sa.Text, nullable=False, server_default="ordinary"),
    sa.Column("consent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("sign", sa.Text, nullable=False, server_default="first"),
    sa.Column("earlier", sa.Text),
    sa.Column("call_id", sa.Text),
    sa.Column("registered_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("idempotency_key", sa.Text, unique=True),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("state_since", Moment),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("assignee_id", KEY),
    sa.Column("subject", sa.Text, nullable=False, server_default="individual"),
    sa.Column("receipt", sa.Text, nullable=False, server_default="phone"),
    sa.Column("served_first", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("parent", sa.Text),
    sa.Column("result", sa.Text),
    sa.Column("answer", sa.Text, nullable=False, server_default=""),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("extended", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("extension_wanted", sa.Date),
    sa.Column("question", sa.Text, nullable=False, server_default=""),
    sa.Column("controlled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("reply_by", sa.Text),
    sa.Column("reply_to", sa.Text, nullable=False, server_default=""),
    sa.Column("language", sa.Text, nullable=False, server_default="uk"),
    sa.Column("registration_index", sa.Text, nullable=False, server_default=""),
    sa.Column("law_ends_at", Moment),
    sa.Column("details", sa.JSON, nullable=False, server_default="[]"),
    sa.CheckConstraint("state <> 'registered' OR executor_id IS NULL", name="registered"),
    sa.CheckConstraint(
        "state IN ('registered', 'assigned', 'accepted', 'in-work', 'done', 'being-checked', "
        "'closed', 'closed-unconfirmed', 'disputed', 'forwarded', 'rejected', 'withdrawn')",
        name="state",
    ),
    sa.Index("ix_appeals_address", "address_key", "registered_at", "number"),
    sa.Index("ix_appeals_alike", "category", "address_key", "registered_at"),
    sa.Index("ix_appeals_answered_at", "reply_to", **_where("reply_to <> ''")),
    sa.Index("ix_appeals_applicant_id", "applicant_id"),
    sa.Index("ix_appeals_applicant_number", "applicant_number"),
    sa.Index("ix_appeals_asked", "number", **_where("question <> ''")),
    sa.Index("ix_appeals_call_id", "call_id"),
    sa.Index("ix_appeals_category", "category", "registered_at", "number"),
    sa.Index("ix_appeals_closed", "state", "state_since", "registered_at", "due_at"),
    sa.Index("ix_appeals_controlled", "due_at", "number", **_where("controlled", "controlled = 1")),
    sa.Index("ix_appeals_executor", "executor_id", "registered_at", "number"),
    sa.Index("ix_appeals_kind", "kind", "registered_at", "number"),
    sa.Index("ix_appeals_newest", "registered_at", "number"),
    sa.Index("ix_appeals_of_executor", "executor_id", "state", "due_at"),
    sa.Index(
        "ix_appeals_owed",
        "due_at",
        "number",
        "registered_at",
        "state",
        "kind",
        "category",
        "urgency",
        "sign",
        "registered_by",
        "executor_id",
        postgresql_where=sa.text("state IN ('accepted', 'assigned', 'disputed', 'in-work', 'registered')"),
    ).ddl_if(dialect="postgresql"),
    sa.Index("ix_appeals_parent", "parent"),
    sa.Index("ix_appeals_received", "registered_at", "executor_id", "state"),
    sa.Index("ix_appeals_registrar", "registered_by", "registered_at", "number"),
    sa.Index("ix_appeals_registration_index", "registration_index"),
    sa.Index("ix_appeals_sign", "sign", "registered_at", "number"),
    sa.Index("ix_appeals_state", "state", "registered_at", "number"),
    sa.Index("ix_appeals_state_term", "state", "due_at", "number"),
    sa.Index("ix_appeals_term", "due_at", "number"),
    sa.Index("ix_appeals_topics", "registered_at", "category"),
    sa.Index("ix_appeals_urgency", "urgency", "registered_at", "number"),
)
sa.Table(
    "appeal_counters",
    _METADATA,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last", sa.Integer, nullable=False),
)
sa.Table(
    "consultations",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("call_id", sa.Text),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_consultations_call_id", "call_id"),
)
sa.Table(
    "appeal_forms",
    _METADATA,
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("fields", sa.JSON, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)

# Calls

sa.Table(
    "calls",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("number", sa.Text),
    sa.Column("shown", sa.Text, nullable=False),
    sa.Column("arrived_at", Moment, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Column("first_prompt_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("outcome", sa.Text),
    sa.Column("recording_refused", sa.Boolean, nullable=False),
    sa.Column("direction", sa.Text, nullable=False, server_default="incoming"),
    sa.Column("joined_at", Moment),
    sa.Column("talked_at", Moment),
    sa.Index("ix_calls_abandoned", "arrived_at", **_where("outcome = 'abandoned-in-line'")),
    sa.Index("ix_calls_arrived_at", "arrived_at"),
    sa.Index("ix_calls_direction", "direction", "arrived_at"),
    sa.Index("ix_calls_of_number", "number", "arrived_at"),
    sa.Index("ix_calls_of_number_outcome", "number", "outcome", "arrived_at"),
    sa.Index("ix_calls_outcome", "outcome", "arrived_at"),
    sa.Index("ix_calls_unended", "arrived_at", **_where("ended_at IS NULL")),
)
sa.Table(
    "journey_steps",
    _METADATA,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Index("uq_journey_steps_ended", "call_id", unique=True, **_where("step = 'ended'")),
    sqlite_with_rowid=False,
)
sa.Table(
    "recordings",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("caller_file", sa.Text, nullable=False),
    sa.Column("dispatcher_file", sa.Text, nullable=False),
    sa.Column("listening_file", sa.Text),
    sa.Column("seconds", sa.Float),
    sa.Column("master_file", sa.Text),
    sa.Column("mastered_at", Moment),
    sa.Column("sides_gone_at", Moment),
    sa.Index("ix_recordings_call_id", "call_id"),
    sa.Index("ix_recordings_started_at", "started_at"),
    sa.Index("ix_recordings_unfinished", "started_at", "id", **_where("listening_file IS NULL")),
    sa.Index(
        "ix_recordings_with_sides",
        "mastered_at",
        **_where("mastered_at IS NOT NULL AND sides_gone_at IS NULL"),
    ),
)
sa.Table(
    "stored_sounds",
    _METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("key_id", sa.Text),
    sa.Column("stored_at", Moment),
    sa.Index("ix_stored_sounds_stored_at", "stored_at", "name", "bytes"),
)
sa.Table(
    "recording_figures",
    _METADATA,
    sa.Column("recording_id", sa.Text, sa.ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("caller_seconds", sa.Float, nullable=False),
    sa.Column("dispatcher_seconds", sa.Float),
    sa.Column("silence_seconds", sa.Float, nullable=False),
    sa.Column("longest_silence", sa.Float, nullable=False),
    sa.Column("talk_over_seconds", sa.Float),
    sa.Column("marks", sa.JSON, nullable=False),
    sa.Column("peaks", sa.JSON, nullable=False),
)
sa.Table(
    "recording_links",
    _METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("recording_id", sa.Text, nullable=False, unique=True),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("erased_at", Moment),
    sa.Column("erased_by", sa.Text),
    sa.CheckConstraint("(erased_at IS NULL) = (erased_by IS NULL)", name="erased"),
    sa.Index("ix_recording_links_erased", "erased_at", **_where("erased_at IS NOT NULL")),
)
sa.Table(
    "recording_seals",
    _METADATA,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("previous", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("sealed_at", Moment, nullable=False),
)
sa.Table(
    "voice_messages",
    _METADATA,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("file", sa.Text, nullable=False),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("seconds", sa.Float),
    sa.Column("heard_at", Moment),
    sa.Index("ix_voice_messages_began_at", "began_at"),
    sa.Index("ix_voice_messages_call_id", "call_id"),
    sa.Index("ix_voice_messages_unfinished", "began_at", "id", **_where("seconds IS NULL")),
)
sa.Table(
    "transcripts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True, autoincrement=False),
    sa.Column("message", sa.Text, sa.ForeignKey("voice_messages.id", ondelete="CASCADE"), unique=True),
    sa.Column("recording", sa.Text, sa.ForeignKey("recordings.id", ondelete="CASCADE")),
    sa.Column("speaker", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("words", sa.JSON, nullable=False),
    sa.Column("engine", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("corrected", sa.Text),
    sa.Column("corrected_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("corrected_at", Moment),
    sa.Column("lemmas", LEMMAS),
    sa.CheckConstraint(
        "(corrected IS NULL) = (corrected_by IS NULL) AND (corrected IS NULL) = (corrected_at IS NULL)",
        name="corrected",
    ),
    sa.CheckConstraint("(message IS NULL) <> (recording IS NULL)", name="sound"),
    sa.CheckConstraint("speaker IN ('caller', 'dispatcher', 'both')", name="speaker"),
    sa.UniqueConstraint("recording", "speaker", name="uq_transcripts_recording_speaker"),
    sa.Index(
        "ix_transcripts_lemmas", "lemmas", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ).ddl_if(dialect="postgresql"),
)
sa.Table(
    "cel_files",
    _METADATA,
    sa.Column("file", sa.Text, primary_key=True),
    sa.Column("offset", sa.BigInteger, nullable=False),
)
sa.Table(
    "drafts",
    _METADATA,
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("put_aside_at", Moment),
    sa.Index("ix_drafts_call_id", "call_id"),
)
sa.Table(
    "call_notes",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Index("ix_call_notes_call_id", "call_id"),
)
sa.Table(
    "callbacks",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text),
    sa.Column("covers_until", Moment, nullable=False),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("made_call_id", sa.Text),
    sa.Index("ix_callbacks_call_id", "call_id"),
    sa.Index("ix_callbacks_of_number", "number", "covers_until"),
)
sa.Table(
    "scheduled_callbacks",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("wanted_at", Moment, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("arranged_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("arranged_at", Moment, nullable=False),
    sa.Column("for_user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("call_id", sa.Text),
    sa.Column("appeal_number", sa.Text),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("last_result", sa.Text),
    sa.Column("last_call_id", sa.Text),
    sa.Column("claimed_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("claimed_at", Moment),
    sa.CheckConstraint("(claimed_by IS NULL) = (claimed_at IS NULL)", name="claim"),
    sa.CheckConstraint("state IN ('due', 'done', 'given-up')", name="state"),
    sa.Index("ix_scheduled_callbacks_due", "state", "due_at"),
)
sa.Table(
    "callback_claims",
    _METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
sa.Table(
    "progressive_desks",
    _METADATA,
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), primary_key=True, autoincrement=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("shown_at", Moment),
    sa.Column("left_out", sa.JSON, nullable=False),
)
sa.Table(
    "web_call_closings",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("closed_at", Moment, nullable=False),
    sa.Column("closed_by", KEY, sa.ForeignKey("users.id", name="fk_web_call_closings_closed_by_users")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("held", sa.Boolean, unique=True),
    sa.Column("opened_at", Moment),
    sa.Column("opened_by", KEY, sa.ForeignKey("users.id", name="fk_web_call_closings_opened_by_users")),
    sa.CheckConstraint("(held IS NULL) = (opened_at IS NOT NULL)", name="opened"),
)

# Cameras

sa.Table(
    "cameras",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("name", IN_ORDER, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("group", IN_ORDER, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("user", sa.Text, nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("source_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("changed_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("out_since", Moment),
    sa.Column("out_because", sa.Text, nullable=False),
    sa.Column("removed_at", Moment),
    sa.CheckConstraint("kind IN ('mjpeg', 'hls', 'rtsp', 'webrtc')", name="kind"),
    sa.CheckConstraint("removed_at IS NULL OR url = ''", name="removed"),
)
sa.Table(
    "camera_watches",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("camera_id", KEY, sa.ForeignKey("cameras.id"), nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.CheckConstraint("since <= until", name="order"),
    sa.Index("ix_camera_watches_going_on", "camera_id", "user_id", "until"),
    sa.Index("ix_camera_watches_until", "until"),
)
sa.Table(
    "camera_stills",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("camera_id", KEY, sa.ForeignKey("cameras.id"), nullable=False),
    sa.Column("camera", sa.Text, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("taken_at", Moment, nullable=False),
    sa.Column("taken_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("bytes", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("category", sa.Text, nullable=False),
    sa.Index("ix_camera_stills_number", "number"),
    sa.Index("ix_camera_stills_taken_at", "taken_at"),
)

# Chats

sa.Table(
    "chats",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("medium", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("waits_since", Moment),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_chats_user_id_users")),
    sa.Column("lines", sa.Integer, nullable=False),
    sa.Column("sent", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("sending", sa.Integer),
    sa.CheckConstraint("medium IN ('web', 'telegram', 'sms')", name="medium"),
    sa.CheckConstraint("state IN ('asking', 'waiting', 'talking', 'over')", name="state"),
    sa.CheckConstraint("state <> 'talking' OR user_id IS NOT NULL", name="talking"),
    sa.CheckConstraint("state <> 'waiting' OR waits_since IS NOT NULL", name="waiting"),
    sa.Index("ix_chats_address", "medium", "address"),
    sa.Index("ix_chats_state", "state", "changed_at"),
    sa.Index("ix_chats_unsent", "medium", "changed_at", **_where("sent < lines")),
)
sa.Table(
    "chat_lines",
    _METADATA,
    sa.Column(
        "chat_id",
        KEY,
        sa.ForeignKey("chats.id", name="fk_chat_lines_chat_id_chats"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("asked", sa.Text, nullable=False),
    sa.Column("buttons", sa.JSON, nullable=False),
    sa.Column("detail", sa.JSON, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_chat_lines_user_id_users")),
    sa.Column("received", sa.Text, nullable=False, server_default=""),
    sa.CheckConstraint(
        "kind IN ('station', 'asked', 'answered', 'did', 'wrote', 'replied', 'told')", name="kind"
    ),
    sa.CheckConstraint("(kind = 'replied') = (user_id IS NOT NULL)", name="replied"),
)

# City maps

sa.Table(
    "city_maps",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("shapes", sa.JSON, nullable=False),
)
sa.Table(
    "city_map_drafts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("shapes", sa.JSON, nullable=False),
    sqlite_autoincrement=True,
)

# Closings

sa.Table(
    "closing_digests",
    _METADATA,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.CheckConstraint("number > 0", name="number"),
)
sa.Table(
    "closing_keys",
    _METADATA,
    sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("since", sa.Date, nullable=False),
    sa.Column("signature", sa.Text, nullable=False),
    sa.CheckConstraint("place >= 0", name="place"),
)

# Dialling

sa.Table(
    "do_not_call",
    _METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("call_id", sa.Text),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Index("ix_do_not_call_newest", "at"),
)
sa.Table(
    "campaigns",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("urgency", sa.Integer, nullable=False),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("phrase", sa.Text, nullable=False, server_default=""),
    sa.Column("most", sa.Integer, nullable=False),
    sa.Column("per_minute", sa.Integer, nullable=False),
    sa.Column("exempt", sa.Text, nullable=False),
    sa.Column("pauses", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.CheckConstraint("state IN ('draft', 'running', 'paused', 'stopped', 'done')", name="state"),
    sa.Index("ix_campaigns_state", "state"),
)
sa.Table(
    "call_jobs",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("subject", KEY),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("campaign_id", KEY, sa.ForeignKey("campaigns.id")),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("urgency", sa.Integer, nullable=False),
    sa.Column("exempt", sa.Text, nullable=False, server_default=""),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", Moment),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("claimed_at", Moment),
    sa.Column("held_by", sa.Text),
    sa.Column("renewed_at", Moment),
    sa.Column("call_id", sa.Text, unique=True),
    sa.Column("called_at", Moment),
    sa.Column("result", sa.Text),
    sa.CheckConstraint(
        "state IN ('due', 'given-up') OR (call_id IS NOT NULL AND claimed_at IS NOT NULL AND held_by "
        "IS NOT NULL AND renewed_at IS NOT NULL)",
        name="claimed",
    ),
    sa.CheckConstraint("state NOT IN ('over', 'reached') OR result IS NOT NULL", name="result"),
    sa.CheckConstraint(
        "state IN ('due', 'claimed', 'admitted', 'dialled', 'over', 'reached', 'given-up')", name="state"
    ),
    sa.UniqueConstraint("campaign_id", "number", name="uq_call_jobs_campaign_id_number"),
    sa.UniqueConstraint("source", "subject", name="uq_call_jobs_source_subject"),
    sa.Index("ix_call_jobs_about", "about", "source"),
    sa.Index("ix_call_jobs_campaign_called", "campaign_id", "called_at"),
    sa.Index("ix_call_jobs_campaign_due", "campaign_id", "due_at", **_where("state = 'due'")),
    sa.Index(
        "ix_call_jobs_campaign_unended",
        "campaign_id",
        "state",
        **_where("state IN ('due', 'claimed', 'admitted', 'dialled', 'over')"),
    ),
    sa.Index(
        "ix_call_jobs_due", "urgency", "due_at", "id", **_where("state = 'due' AND campaign_id IS NULL")
    ),
    sa.Index(
        "ix_call_jobs_under_way",
        "renewed_at",
        **_where("state IN ('claimed', 'admitted', 'dialled', 'over')"),
    ),
    sa.Index(
        "uq_call_jobs_number_on_the_phone",
        "number",
        unique=True,
        **_where("state IN ('admitted', 'dialled')"),
    ),
)
sa.Table(
    "call_attempts",
    _METADATA,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("job_id", KEY, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dialled_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("result", sa.Text),
    sa.Index("ix_call_attempts_dialled", "dialled_at"),
    sa.Index("ix_call_attempts_job_id", "job_id"),
    sa.Index("ix_call_attempts_number", "number", "dialled_at"),
)

# Documents

sa.Table(
    "city_documents",
    _METADATA,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("in_force_since", Moment),
    sa.CheckConstraint(
        "kind IN ('classifier', 'benefits', 'paperwork', 'days-off', 'pauses', 'score-form', "
        "'shifts', 'directory', 'power-queues', 'air-raid', 'state-classifier')",
        name="kind",
    ),
    sa.CheckConstraint("version > 0", name="version"),
    sa.Index(
        "uq_city_documents_draft", "kind", unique=True, **_where("in_force_since IS NULL AND version >= 1001")
    ),
)

# Equipment

sa.Table(
    "equipment_items",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("way", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("port", sa.Integer, nullable=False),
    sa.Column("path", sa.Text, nullable=False),
    sa.Column("interval_seconds", sa.Integer, nullable=False),
    sa.Column("timeout_seconds", sa.Integer, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("whom", sa.Text, nullable=False),
    sa.Column("after_minutes", sa.Integer, nullable=False),
    sa.Column("urgent", sa.Boolean, nullable=False),
    sa.Column("task_after_minutes", sa.Integer),
    sa.Column("maintained_since", Moment),
    sa.Column("maintained_until", Moment),
    sa.Column("maintained_for", sa.Text, nullable=False, server_default=""),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("removed_at", Moment),
    sa.CheckConstraint(
        "kind IN ('trunk', 'asterisk', 'database', 'queue', 'sms', 'mail', 'disk', 'certificate', "
        "'backup', 'recordings', 'service', 'ups', 'router', 'printer', 'camera', 'camera-server', "
        "'other')",
        name="kind",
    ),
    sa.CheckConstraint(
        "(maintained_since IS NULL) = (maintained_until IS NULL) AND maintained_since < maintained_until",
        name="maintained",
    ),
    sa.CheckConstraint("way IN ('built-in', 'tcp', 'http', 'ping', 'certificate', 'nut')", name="way"),
    sa.Index(
        "uq_equipment_items_built_in", "kind", unique=True, **_where("way = 'built-in' AND kind <> 'camera'")
    ),
)
sa.Table(
    "equipment_changes",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "item_id",
        KEY,
        sa.ForeignKey("equipment_items.id", name="fk_equipment_changes_item_id_equipment_items"),
        nullable=False,
    ),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("began_at", Moment, nullable=False),
    sa.CheckConstraint("state IN ('in-order', 'disturbed', 'out-of-order', 'not-known')", name="state"),
    sa.Index("ix_equipment_changes_item_id", "item_id", "id"),
)
sa.Table(
    "equipment_watches",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("looked_at", Moment, nullable=False),
)
sa.Table(
    "equipment_measures",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("free_bytes", sa.BigInteger, nullable=False),
    sa.Column("measured_at", Moment, nullable=False),
    sa.Index("ix_equipment_measures_measured_at", "measured_at"),
)

# Handling

sa.Table(
    "executors",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("short", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False),
    sa.Column("demo", sa.Boolean, nullable=False),
    sa.Column("open311", sa.JSON),
)
sa.Table(
    "endpoint_keys",
    _METADATA,
    sa.Column(
        "executor_id",
        KEY,
        sa.ForeignKey("executors.id", name="fk_endpoint_keys_executor_id_executors"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("key", sa.Text, nullable=False),
)
sa.Table(
    "executor_contacts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("email", sa.Text),
    sa.Column("channels", sa.JSON, nullable=False),
    sa.Column("hours", sa.JSON, nullable=False),
    sa.Index("ix_executor_contacts_executor_id", "executor_id"),
)
sa.Table(
    "routing_rules",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id"), nullable=False),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("utilities", sa.JSON, nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("hours", sa.JSON, nullable=False),
    sa.Column("on_days", sa.Text, nullable=False),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("note", sa.Text, nullable=False),
    sa.Index("ix_routing_rules_executor_id", "executor_id"),
)
sa.Table(
    "appeal_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("state_before", sa.Text),
    sa.Column("state_after", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("hidden", sa.Boolean, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("step", sa.Text),
    sa.UniqueConstraint("number", "step", name="uq_appeal_history_number_step"),
    sa.UniqueConstraint("number", "version", name="uq_appeal_history_number_version"),
    sa.Index("ix_appeal_history_disputed", "number", **_where("act = 'dispute'")),
    sa.Index(
        "ix_appeal_history_given",
        "number",
        "version",
        "at",
        "state_before",
        "act",
        **_where("state_after = 'assigned'"),
    ),
    sa.Index("ix_appeal_history_moved", "at", "id", **_where("NOT hidden AND state_before <> state_after")),
    sa.Index(
        "ix_appeal_history_taken_down", "number", "at", **_where("act = 'confirm' AND user_id IS NOT NULL")
    ),
    sa.Index(
        "ix_appeal_history_taken_up",
        "number",
        "version",
        "at",
        **_where("state_before = 'assigned' AND state_after = 'accepted'"),
    ),
)
sa.Table(
    "notices",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("entry_id", KEY, sa.ForeignKey("appeal_history.id")),
    sa.Column("matter", sa.Text, nullable=False, server_default=""),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Column("owed_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("provider_id", sa.Text, nullable=False),
    sa.Column("fault", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False, server_default="0"),
    sa.Column("seen_by", KEY, sa.ForeignKey("users.id")),
    sa.CheckConstraint(
        "state IN ('owed', 'claimed', 'sent', 'delivered', 'failed', 'needless', 'unsure')", name="state"
    ),
    sa.UniqueConstraint("entry_id", "recipient", "channel", name="uq_notices_entry_id_recipient_channel"),
    sa.Index("ix_notices_claimed", "changed_at", **_where("state = 'claimed'")),
    sa.Index("ix_notices_given", "changed_at", **_where("state IN ('sent', 'delivered')")),
    sa.Index("ix_notices_number", "number"),
    sa.Index("ix_notices_owed", "channel", "due_at", "id", **_where("state = 'owed'")),
    sa.Index("ix_notices_provider", "provider_id", **_where("provider_id <> ''")),
    sa.Index("ix_notices_recipient", "recipient", "state", "owed_at"),
    sa.Index("ix_notices_seen", "recipient", "changed_at", **_where("state = 'sent' AND channel = 'page'")),
    sa.Index("ix_notices_sent", "channel", "changed_at", **_where("state = 'sent' AND provider_id <> ''")),
    sa.Index("ix_notices_undecided", "changed_at", **_where("state IN ('failed', 'unsure')")),
    sa.Index(
        "ix_notices_unsent",
        "channel",
        "state",
        **_where("state IN ('owed', 'claimed', 'failed', 'unsure') AND channel <> 'page'"),
    ),
    sa.Index(
        "uq_notices_matter_recipient_channel",
        "matter",
        "recipient",
        "channel",
        unique=True,
        **_where("matter <> ''"),
    ),
)
sa.Table(
    "appeal_files",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("uploaded_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("uploaded_at", Moment, nullable=False),
    sa.Index("ix_appeal_files_number", "number"),
)

# Informing

sa.Table(
    "informing_orders",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("issued_by", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("short", sa.Text, nullable=False),
    sa.Column("ways", sa.JSON, nullable=False),
    sa.Column("audience", sa.JSON, nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("until", Moment),
    sa.Column("exempt", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("author_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("approver_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("decided_at", Moment),
    sa.Column("refusal", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("voice", sa.Text, nullable=False, server_default=""),
    sa.Column("looked_up_to", KEY, nullable=False),
    sa.Column("stopped_at", Moment),
    sa.Column("stop_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("stopped_by", KEY, sa.ForeignKey("users.id")),
    sa.CheckConstraint(
        "state IN ('draft', 'submitted', 'stopped') OR approver_id IS NOT NULL", name="approved"
    ),
    sa.CheckConstraint("(approver_id IS NULL) = (decided_at IS NULL)", name="decided"),
    sa.CheckConstraint("approver_id <> author_id", name="second_person"),
    sa.CheckConstraint(
        "state IN ('draft', 'submitted', 'approved', 'preparing', 'running', 'paused', 'stopped', 'done')",
        name="state",
    ),
    sa.Index("ix_informing_orders_state", "state"),
)
sa.Table(
    "informing_people",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("order_id", KEY, sa.ForeignKey("informing_orders.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("email", sa.Text),
    sa.UniqueConstraint("order_id", "email", name="uq_informing_people_order_id_email"),
    sa.UniqueConstraint("order_id", "number", name="uq_informing_people_order_id_number"),
)
sa.Table(
    "informing_campaigns",
    _METADATA,
    sa.Column("campaign_id", KEY, sa.ForeignKey("campaigns.id"), primary_key=True),
    sa.Column("order_id", KEY, sa.ForeignKey("informing_orders.id"), nullable=False),
    sa.Index("ix_informing_campaigns_order_id", "order_id"),
)

# Inquiries

sa.Table(
    "inquiries",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column(
        "executor_id",
        KEY,
        sa.ForeignKey("executors.id", name="fk_inquiries_executor_id_executors"),
        nullable=False,
    ),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("asked_by", KEY, sa.ForeignKey("users.id", name="fk_inquiries_asked_by_users"), nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Column("in_time", sa.Boolean),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint(
        "state NOT IN ('answered', 'returned', 'accepted') OR answered_at IS NOT NULL", name="answer"
    ),
    sa.CheckConstraint("(answered_at IS NULL) = (in_time IS NULL)", name="answered"),
    sa.CheckConstraint("state IN ('asked', 'answered', 'returned', 'accepted', 'withdrawn')", name="state"),
    sa.Index("ix_inquiries_asked_at", "asked_at"),
    sa.Index("ix_inquiries_executor", "executor_id", "state"),
    sa.Index("ix_inquiries_state", "state", "due_at"),
)
sa.Table(
    "inquiry_appeals",
    _METADATA,
    sa.Column(
        "inquiry_id",
        KEY,
        sa.ForeignKey("inquiries.id", name="fk_inquiry_appeals_inquiry_id_inquiries"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("number", sa.Text, primary_key=True),
    sa.Index("ix_inquiry_appeals_number", "number"),
)
sa.Table(
    "inquiry_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "inquiry_id",
        KEY,
        sa.ForeignKey("inquiries.id", name="fk_inquiry_history_inquiry_id_inquiries"),
        nullable=False,
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column(
        "user_id", KEY, sa.ForeignKey("users.id", name="fk_inquiry_history_user_id_users"), nullable=False
    ),
    sa.Column("act", sa.Text),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("due_at", Moment),
    sa.Index("ix_inquiry_history_inquiry_id", "inquiry_id"),
)
sa.Table(
    "inquiry_files",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "inquiry_id",
        KEY,
        sa.ForeignKey("inquiries.id", name="fk_inquiry_files_inquiry_id_inquiries"),
        nullable=False,
    ),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("uploaded_by", KEY, sa.ForeignKey("users.id", name="fk_inquiry_files_uploaded_by_users")),
    sa.Column("uploaded_at", Moment, nullable=False),
    sa.Index("ix_inquiry_files_inquiry_id", "inquiry_id"),
)

# Knowledge

sa.Table(
    "articles",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
)
sa.Table(
    "article_versions",
    _METADATA,
    sa.Column("id", KEY, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("uk", sa.JSON, nullable=False),
    sa.Column("en", sa.JSON, nullable=False),
    sa.Column("said_as", sa.Text, nullable=False),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("owner_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("valid_until", sa.Date),
    sa.Column("review_on", sa.Date, nullable=False),
    sa.Column("public", sa.Boolean, nullable=False),
    sa.Column("spoken", sa.Boolean, nullable=False),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("asks", sa.Text, nullable=False),
    sa.Column("says", sa.Text, nullable=False),
    sa.CheckConstraint("public OR NOT spoken", name="spoken"),
)
sa.Table(
    "article_uses",
    _METADATA,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("article_id", KEY, sa.ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
sa.Table(
    "missing_answers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("call_id", sa.Text),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("owner_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("article_id", KEY, sa.ForeignKey("articles.id")),
    sa.Column("closed_at", Moment),
    sa.Column("closed_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("read_at", Moment),
    sa.CheckConstraint("(state = 'answered') = (article_id IS NOT NULL)", name="answered"),
    sa.CheckConstraint(
        "(state = 'open') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)", name="closed"
    ),
    sa.CheckConstraint("state IN ('open', 'answered', 'dismissed')", name="state"),
    sa.Index("ix_missing_answers_call_id", "call_id"),
    sa.Index("ix_missing_answers_of_user", "user_id", "at"),
    sa.Index("ix_missing_answers_state", "state", "at"),
)

# Line

sa.Table(
    "dispatchers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("extension", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("presence", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("misses", sa.Integer, nullable=False),
    sa.Column("wrap_up_until", Moment),
    sa.Column("wish", sa.Text),
    sa.Column("wish_reason", sa.Text),
    sa.CheckConstraint(
        "presence IN ('away', 'ready', 'paused', 'offered', 'talking', 'after-call')", name="presence"
    ),
    sa.CheckConstraint(
        "(wish IS NULL AND wish_reason IS NULL) OR (wish IN ('paused', 'away') AND wish_reason IS "
        "NOT NULL AND presence IN ('offered', 'talking'))",
        name="wish",
    ),
    sa.CheckConstraint("(presence = 'after-call') = (wrap_up_until IS NOT NULL)", name="wrap_up"),
    sa.Index("ix_dispatchers_presence", "presence"),
)
sa.Table(
    "dispatcher_skills",
    _METADATA,
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), primary_key=True),
    sa.Column("skill", sa.Text, primary_key=True),
)
sa.Table(
    "presence_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
    sa.Column("presence", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_presence_history_of_dispatcher", "dispatcher_id", "at"),
)
sa.Table(
    "queue_entries",
    _METADATA,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("entered_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("skill", sa.Text),
    sa.Column("wanted_dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
    sa.Column("offers", sa.Integer, nullable=False),
    sa.Column("left_at", Moment),
    sa.Column("callback_to", sa.Text),
    sa.Column("not_before", Moment),
    sa.Column("rung", sa.Integer, nullable=False, server_default="0"),
    sa.Column("anybody_from", Moment),
    sa.Column("topic", sa.Text),
    sa.CheckConstraint("anybody_from IS NULL OR (skill IS NOT NULL AND priority < 20)", name="anybody"),
    sa.CheckConstraint("state <> 'talking' OR callback_to IS NULL", name="kept"),
    sa.CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name="left"),
    sa.CheckConstraint("state <> 'offered' OR dispatcher_id IS NOT NULL", name="offered"),
    sa.CheckConstraint("state IN ('waiting', 'offered', 'talking', 'left')", name="state"),
    sa.CheckConstraint("state <> 'waiting' OR dispatcher_id IS NULL", name="waiting"),
    sa.Index("ix_queue_entries_in_line", "state", "priority", "entered_at", **_where("state <> 'left'")),
    sa.Index("ix_queue_entries_kept", "callback_to", "entered_at", **_where("callback_to IS NOT NULL")),
    sa.Index("ix_queue_entries_of_dispatcher", "dispatcher_id", **_where("state <> 'left'")),
    sa.Index(
        "ix_queue_entries_waiting",
        sa.text("priority DESC"),
        "entered_at",
        "call_id",
        **_where("state = 'waiting'"),
    ),
)
sa.Table(
    "talks",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index("ix_talks_call_id", "call_id"),
    sa.Index("ix_talks_ended_at", "ended_at"),
    sa.Index("ix_talks_of_dispatcher", "dispatcher_id", "started_at"),
    sa.Index("ix_talks_open", "dispatcher_id", **_where("ended_at IS NULL")),
)

# Meetings

sa.Table(
    "meetings",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("begins_at", Moment, nullable=False),
    sa.Column("minutes_long", sa.Integer, nullable=False),
    sa.Column("place", sa.Text, nullable=False),
    sa.Column("host", sa.Text, nullable=False),
    sa.Column("agenda", sa.JSON, nullable=False),
    sa.Column("caller", KEY, sa.ForeignKey("users.id", name="fk_meetings_caller_users"), nullable=False),
    sa.Column(
        "secretary", KEY, sa.ForeignKey("users.id", name="fk_meetings_secretary_users"), nullable=False
    ),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("lemmas", sa.Text, nullable=False, server_default=""),
    sa.Column("once", sa.Text),
    sa.CheckConstraint("state IN ('draft', 'called', 'held', 'called-off')", name="state"),
    sa.CheckConstraint("(state = 'called-off') = (why <> '')", name="why"),
    sa.Index("ix_meetings_begins_at", "begins_at"),
    sa.Index("uq_meetings_once", "once", unique=True),
)
sa.Table(
    "meeting_invitees",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "meeting_id",
        KEY,
        sa.ForeignKey("meetings.id", name="fk_meeting_invitees_meeting_id_meetings"),
        nullable=False,
    ),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_meeting_invitees_user_id_users")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_at", Moment),
    sa.Column("said", sa.Text, nullable=False),
    sa.CheckConstraint("answer IN ('asked', 'comes', 'declines', 'sends', 'struck')", name="answer"),
    sa.Index("ix_meeting_invitees_meeting_id", "meeting_id"),
    sa.Index("ix_meeting_invitees_user_id", "user_id"),
    sa.Index("uq_meeting_invitees_user", "meeting_id", "user_id", unique=True),
)
sa.Table(
    "meeting_minutes",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "meeting_id",
        KEY,
        sa.ForeignKey("meetings.id", name="fk_meeting_minutes_meeting_id_meetings"),
        nullable=False,
    ),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("returned", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column(
        "saved_by", KEY, sa.ForeignKey("users.id", name="fk_meeting_minutes_saved_by_users"), nullable=False
    ),
    sa.Column("presented_at", Moment),
    sa.Column("presented_by", KEY, sa.ForeignKey("users.id", name="fk_meeting_minutes_presented_by_users")),
    sa.Column("signed_at", Moment),
    sa.Column("signed_by", KEY, sa.ForeignKey("users.id", name="fk_meeting_minutes_signed_by_users")),
    sa.Column("digest", sa.Text, nullable=False),
    sa.CheckConstraint(
        "(state = 'draft') = (presented_at IS NULL) AND (presented_at IS NULL) = (presented_by IS NULL)",
        name="presented",
    ),
    sa.CheckConstraint(
        "(state = 'signed') = (signed_at IS NOT NULL) AND (signed_at IS NULL) = (signed_by IS NULL) "
        "AND (signed_by IS NULL OR signed_by <> presented_by)",
        name="signed",
    ),
    sa.CheckConstraint("state IN ('draft', 'presented', 'signed')", name="state"),
    sa.Index("uq_meeting_minutes_open", "meeting_id", unique=True, **_where("state <> 'signed'")),
    sa.Index("uq_meeting_minutes_version", "meeting_id", "version", unique=True),
)

# Memos

sa.Table(
    "memos",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("addressee", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("papers", sa.JSON, nullable=False),
    sa.Column("writer", KEY, sa.ForeignKey("users.id", name="fk_memos_writer_users"), nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("sent_on", sa.Date),
    sa.Column("answer_by", sa.Date),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("answered_on", sa.Date),
    sa.Column("once", sa.Text),
    sa.CheckConstraint("addressee IN ('mayor', 'department')", name="addressee"),
    sa.CheckConstraint("kind IN ('proposal', 'memorandum', 'breach')", name="kind"),
    sa.CheckConstraint("(state IN ('draft', 'dropped')) = (sent_on IS NULL)", name="sent"),
    sa.CheckConstraint(
        "state IN ('draft', 'sent', 'accepted', 'declined', 'deferred', 'dropped')", name="state"
    ),
    sa.CheckConstraint("(state IN ('draft', 'dropped', 'sent')) = (answered_on IS NULL)", name="unanswered"),
    sa.Index("uq_memos_once", "once", unique=True),
)

# Office

sa.Table(
    "office_plans",
    _METADATA,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("approver", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column(
        "changed_by", KEY, sa.ForeignKey("users.id", name="fk_office_plans_changed_by_users"), nullable=False
    ),
    sa.CheckConstraint("(state = 'approved') = (dated IS NOT NULL)", name="approved"),
    sa.CheckConstraint("state IN ('draft', 'approved')", name="state"),
)
sa.Table(
    "office_acts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("commission", sa.JSON, nullable=False),
    sa.Column("approved_on", sa.Date),
    sa.Column("signer", sa.Text, nullable=False),
    sa.Column("signed_on", sa.Date),
    sa.Column("files", sa.JSON, nullable=False),
    sa.Column("erased", sa.JSON, nullable=False),
    sa.Column("erased_until", Moment, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", KEY, sa.ForeignKey("users.id", name="fk_office_acts_made_by_users"), nullable=False),
    sa.Column("done_at", Moment),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done"),
    sa.CheckConstraint("kind IN ('destroy', 'archive')", name="kind"),
    sa.CheckConstraint("state NOT IN ('signed', 'done') OR signed_on IS NOT NULL", name="signed"),
    sa.CheckConstraint("state IN ('draft', 'approved', 'signed', 'done', 'given-up')", name="state"),
)
sa.Table(
    "office_files",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "year",
        sa.Integer,
        sa.ForeignKey("office_plans.year", name="fk_office_files_year_office_plans"),
        nullable=False,
    ),
    sa.Column("index", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("keeping", sa.Text, nullable=False),
    sa.Column("years", sa.Integer),
    sa.Column("article", sa.Text, nullable=False),
    sa.Column("journal", sa.Text),
    sa.Column("notes", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("volumes", sa.Integer, nullable=False),
    sa.Column("held", sa.Text, nullable=False),
    sa.Column("closed_on", sa.Date),
    sa.Column("act_id", KEY, sa.ForeignKey("office_acts.id", name="fk_office_files_act_id_office_acts")),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("(state = 'open') = (closed_on IS NULL)", name="closed"),
    sa.CheckConstraint("state NOT IN ('archived', 'destroyed') OR act_id IS NOT NULL", name="gone"),
    sa.CheckConstraint("keeping IN ('years', 'permanent', 'needed')", name="keeping"),
    sa.CheckConstraint("state IN ('open', 'closed', 'archived', 'destroyed')", name="state"),
    sa.CheckConstraint("(keeping = 'years') = (years IS NOT NULL)", name="years"),
    sa.UniqueConstraint("year", "index", name="uq_office_files_year_index"),
)
sa.Table(
    "office_entries",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "file_id",
        KEY,
        sa.ForeignKey("office_files.id", name="fk_office_entries_file_id_office_files"),
        nullable=False,
    ),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("correspondent", sa.Text, nullable=False),
    sa.Column("about", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column(
        "user_id", KEY, sa.ForeignKey("users.id", name="fk_office_entries_user_id_users"), nullable=False
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column("struck", sa.Text, nullable=False),
    sa.UniqueConstraint("file_id", "number", name="uq_office_entries_file_id_number"),
)

# Outage reports

sa.Table(
    "outage_alerts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("utility", sa.Text, nullable=False),
    sa.Column("areas", sa.JSON, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("grew_at", Moment, nullable=False),
    sa.Column("voices", sa.Integer, nullable=False),
    sa.Column("reports", sa.Integer, nullable=False),
    sa.Column("outage_id", KEY, sa.ForeignKey("outages.id")),
    sa.Column("decided_at", Moment),
    sa.Column("decided_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
    sa.CheckConstraint(
        "(state IN ('accepted', 'belongs', 'covered')) = (outage_id IS NOT NULL)", name="outage"
    ),
    sa.CheckConstraint("state IN ('open', 'accepted', 'belongs', 'covered', 'dismissed')", name="state"),
    sa.Index("ix_outage_alerts_opened_at", "opened_at"),
    sa.Index("uq_outage_alerts_open", "utility", unique=True, **_where("state = 'open'")),
)
sa.Table(
    "outage_reports",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("utility", sa.Text, nullable=False),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("house", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("number", sa.Text),
    sa.Column("applicant_id", KEY, sa.ForeignKey("citizens.id")),
    sa.Column("call_id", sa.Text),
    sa.Column("appeal", sa.Text, unique=True),
    sa.Column("alert_id", KEY, sa.ForeignKey("outage_alerts.id")),
    sa.Column("outage_id", KEY, sa.ForeignKey("outages.id")),
    sa.Column("apart", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("ix_outage_reports_alert_id", "alert_id"),
    sa.Index("ix_outage_reports_outage_id", "outage_id"),
    sa.Index("ix_outage_reports_undecided", "at", **_where("outage_id IS NULL")),
    sa.Index("uq_outage_reports_call", "call_id", "utility", unique=True, **_where("appeal IS NULL")),
)

# Outages

sa.Table(
    "outages",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("utility", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("starts_at", Moment, nullable=False),
    sa.Column("expected_end", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("areas", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("reason", sa.Text, nullable=False, server_default=""),
    sa.Column("by_order", sa.Text, nullable=False, server_default=""),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("cancelled", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("entered_at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False, server_default="service"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("idempotency_key", sa.Text, unique=True),
    sa.Index("ix_outages_ended_at", "ended_at"),
    sa.Index("ix_outages_newest", "starts_at", "id"),
    sa.Index("ix_outages_of_executor", "executor_id", "starts_at"),
)
sa.Table(
    "outage_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("outage_id", KEY, sa.ForeignKey("outages.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.UniqueConstraint("outage_id", "version", name="uq_outage_history_outage_id_version"),
)
sa.Table(
    "outage_watchers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("outage_id", KEY, sa.ForeignKey("outages.id"), nullable=False),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("call_id", sa.Text),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.UniqueConstraint(
        "outage_id", "channel", "address", name="uq_outage_watchers_outage_id_channel_address"
    ),
    sa.Index("ix_outage_watchers_behind", "outage_id", "version"),
)
sa.Table(
    "outage_answers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("outage_id", KEY, sa.ForeignKey("outages.id"), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("watcher_id", KEY, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("call_id", sa.Text),
    sa.Column("appeal", sa.Text),
    sa.UniqueConstraint(
        "outage_id", "version", "watcher_id", name="uq_outage_answers_outage_id_version_watcher_id"
    ),
)
sa.Table(
    "outage_subscriptions",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("house", sa.Text, nullable=False),
    sa.Column("quarter", sa.Text, nullable=False),
    sa.Column("outage_id", KEY, sa.ForeignKey("outages.id")),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("network", sa.Text, nullable=False, server_default=""),
    sa.Column("quiet_from", sa.Integer),
    sa.Column("quiet_until", sa.Integer),
    sa.Column("told_change", Moment),
    sa.Column("told_supply", sa.Text),
    sa.Column("told_day", sa.Date),
    sa.Column("told_count", sa.Integer, nullable=False, server_default="0"),
    sa.Column("ahead_minutes", sa.Integer),
    sa.CheckConstraint(
        "(ahead_minutes IS NULL) = (quiet_from IS NULL) AND (ahead_minutes IS NULL) = (quiet_until IS NULL)",
        name="ahead",
    ),
    sa.Index("ix_outage_subscriptions_confirmed_at", "confirmed_at"),
    sa.Index("ix_outage_subscriptions_of_contact", "contact", "channel", "asked_at"),
    sa.Index("ix_outage_subscriptions_unconfirmed", "channel", "asked_at", **_where("confirmed_at IS NULL")),
)

# People

sa.Table(
    "street_names",
    _METADATA,
    sa.Column("normalised", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("street", sa.Text, nullable=False),
    sa.Index("ix_street_names_street", "street"),
)
sa.Table(
    "citizens",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("noted_at", Moment),
    sa.Index("ix_citizens_name", "name"),
)
sa.Table(
    "citizen_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("numbers", sa.JSON, nullable=False),
    sa.Index("ix_citizen_history_citizen_id", "citizen_id"),
)
sa.Table(
    "citizen_benefits",
    _METADATA,
    sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), primary_key=True),
    sa.Column("code", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("noted_at", Moment, nullable=False),
)
sa.Table(
    "citizen_words",
    _METADATA,
    sa.Column("word", IN_ORDER, primary_key=True),
    sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), primary_key=True),
    sa.Index("ix_citizen_words_citizen_id", "citizen_id"),
)
sa.Table(
    "citizen_numbers",
    _METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), primary_key=True),
    sa.Index("ix_citizen_numbers_citizen_id", "citizen_id"),
)
sa.Table(
    "citizen_requests",
    _METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), nullable=False),
)
sa.Table(
    "number_places",
    _METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("street", sa.Text, primary_key=True),
    sa.Column("house", sa.Text, primary_key=True),
    sa.Column("said_at", Moment, nullable=False),
    sa.Column("call_id", sa.Text, nullable=False),
)

# Portal

sa.Table(
    "resident_reports",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("sender", sa.Text, nullable=False),
    sa.Column("network", sa.Text, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column(
        "appeal",
        sa.Text,
        sa.ForeignKey("appeals.number", name="fk_resident_reports_appeal_appeals"),
        unique=True,
    ),
    sa.Column("channel", sa.Text),
    sa.Column("contact", sa.Text, nullable=False, server_default=""),
    sa.Column("publish", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("latitude", sa.Float),
    sa.Column("longitude", sa.Float),
    sa.Column("confirmed_at", Moment),
    sa.CheckConstraint("(channel IS NULL) = (contact = '')", name="contact"),
    sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
    sa.CheckConstraint(
        "source IN ('web', 'api', 'open311', 'chat', 'telegram', 'gateway', 'sms')", name="source"
    ),
    sa.UniqueConstraint("source", "key", name="uq_resident_reports_key"),
    sa.Index("ix_resident_reports_at", "at"),
    sa.Index("ix_resident_reports_of_contact", "contact", "at"),
)
sa.Table(
    "public_texts",
    _METADATA,
    sa.Column(
        "number",
        sa.Text,
        sa.ForeignKey("appeals.number", name="fk_public_texts_number_appeals"),
        primary_key=True,
    ),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("agreed_at", Moment, nullable=False),
    sa.Column("wording", sa.Text, nullable=False, server_default=""),
    sa.Column("decided_by", KEY, sa.ForeignKey("users.id", name="fk_public_texts_decided_by_users")),
    sa.Column("decided_at", Moment),
    sa.CheckConstraint("state IN ('waiting', 'published', 'refused', 'taken-back')", name="state"),
    sa.CheckConstraint("(state = 'published') = (wording <> '')", name="wording"),
    sa.Index("ix_public_texts_waiting", "agreed_at", **_where("state = 'waiting'")),
)
sa.Table(
    "resident_codes",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("network", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("confirmed_at", Moment),
    sa.Index("ix_resident_codes_asked_at", "asked_at"),
)
sa.Table(
    "resident_sessions",
    _METADATA,
    sa.Column("token_hash", sa.Text, primary_key=True),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("contact", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
    sa.Index("ix_resident_sessions_contact", "contact"),
    sa.Index("ix_resident_sessions_expires_at", "expires_at"),
)

# Power

sa.Table(
    "power_schedules",
    _METADATA,
    sa.Column("queue", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("halves", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("heard_at", Moment, nullable=False),
    sa.CheckConstraint("length(halves) = 48", name="halves"),
)
sa.Table(
    "power_told",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_power_told_user_id_users")),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("changed", sa.Integer, nullable=False),
)
sa.Table(
    "power_emergencies",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("since", Moment, nullable=False),
    sa.Column("begun_by", KEY, sa.ForeignKey("users.id", name="fk_power_emergencies_begun_by_users")),
    sa.Column("held", sa.Boolean, unique=True),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", KEY, sa.ForeignKey("users.id", name="fk_power_emergencies_ended_by_users")),
    sa.Column("source_says", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.CheckConstraint("(held IS NULL) = (ended_at IS NOT NULL)", name="ended"),
)
sa.Table(
    "power_accounts",
    _METADATA,
    sa.Column("digest", sa.Text, primary_key=True),
    sa.Column("queue", sa.Text, nullable=False),
    sa.Column("told_at", Moment, nullable=False),
    sa.Column(
        "told_by", KEY, sa.ForeignKey("users.id", name="fk_power_accounts_told_by_users"), nullable=False
    ),
)

# Quality

sa.Table(
    "assessments",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("recording_id", sa.Text, unique=True),
    sa.Column("call_id", sa.Text),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
    sa.Column("talk_at", Moment, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("signs", sa.JSON, nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("queued_at", Moment, nullable=False),
    sa.Column("form_version", sa.Integer),
    sa.Column("claimed_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("claimed_until", Moment),
    sa.Column("answers", sa.JSON, nullable=False),
    sa.Column("unconfirmed", sa.JSON, nullable=False),
    sa.Column("conclusion", sa.Text, nullable=False),
    sa.Column("percent", sa.Integer),
    sa.Column("passed", sa.Boolean),
    sa.Column("assessed_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("assessed_at", Moment),
    sa.Column("read_at", Moment),
    sa.Column("dispute", sa.Text, nullable=False),
    sa.Column("disputed_at", Moment),
    sa.Column("decision", sa.Text, nullable=False),
    sa.Column("decided_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("decided_at", Moment),
    sa.Column("first_percent", sa.Integer),
    sa.CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name="claim"),
    sa.CheckConstraint("(state = 'decided') = (decided_at IS NOT NULL)", name="decided"),
    sa.CheckConstraint("(state IN ('disputed', 'decided')) = (disputed_at IS NOT NULL)", name="disputed"),
    sa.CheckConstraint(
        "(state IN ('assessed', 'disputed', 'decided')) = (percent IS NOT NULL) AND (percent IS "
        "NULL) = (passed IS NULL)",
        name="scored",
    ),
    sa.CheckConstraint("state IN ('to-assess', 'assessed', 'disputed', 'decided', 'skipped')", name="state"),
    sa.Index("ix_assessments_call_id", "call_id"),
    sa.Index("ix_assessments_of_dispatcher", "dispatcher_id", "talk_at"),
    sa.Index("ix_assessments_state", "state", "talk_at"),
    sa.Index("ix_assessments_talk_at", "talk_at"),
)
sa.Table(
    "assessment_comments",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("assessment_id", KEY, sa.ForeignKey("assessments.id"), nullable=False),
    sa.Column("call_id", sa.Text),
    sa.Column("moment", sa.Float),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("quotes", sa.Boolean, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_assessment_comments_assessment_id", "assessment_id"),
    sa.Index("ix_assessment_comments_call_id", "call_id"),
)
sa.Table(
    "assessment_acts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("assessment_id", KEY, sa.ForeignKey("assessments.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("percent", sa.Integer),
    sa.Index("ix_assessment_acts_assessment_id", "assessment_id"),
)
sa.Table(
    "quality_weeks",
    _METADATA,
    sa.Column("monday", sa.Date, primary_key=True),
    sa.Column("seed", sa.Text, nullable=False),
    sa.Column("drawn_at", Moment, nullable=False),
)
sa.Table(
    "coaching_notes",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
    sa.Column("assessment_id", KEY, sa.ForeignKey("assessments.id")),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("agreed", sa.Text, nullable=False),
    sa.Column("review_on", sa.Date),
    sa.Column("reviewed_at", Moment),
    sa.Column("reviewed_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.CheckConstraint("(reviewed_at IS NULL) = (reviewed_by IS NULL)", name="reviewed"),
    sa.Index("ix_coaching_notes_dispatcher_id", "dispatcher_id"),
    sa.Index("ix_coaching_notes_review_on", "review_on"),
)
sa.Table(
    "trial_calls",
    _METADATA,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column(
        "dispatcher_id",
        KEY,
        sa.ForeignKey("dispatchers.id", name="fk_trial_calls_dispatcher_id_dispatchers"),
        nullable=False,
    ),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_trial_calls_user_id_users"), nullable=False),
    sa.Column("scenario", sa.Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("entered", sa.JSON),
    sa.Column("entered_at", Moment),
    sa.CheckConstraint("(entered IS NULL) = (entered_at IS NULL)", name="entered"),
    sa.Index("ix_trial_calls_dispatcher_id", "dispatcher_id"),
)

# Registers

sa.Table(
    "appeal_series",
    _METADATA,
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("last", sa.Integer, nullable=False),
)
sa.Table(
    "saved_views",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("shared", sa.Boolean, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.Column("list", sa.Text, nullable=False, server_default="appeals"),
    sa.UniqueConstraint("user_id", "list", "name", name="uq_saved_views_user_id_list_name"),
)
sa.Table(
    "houses",
    _METADATA,
    sa.Column("street", sa.Text, primary_key=True),
    sa.Column("house", sa.Text, primary_key=True),
    sa.Column("quarter", sa.Text, nullable=False),
)
sa.Table(
    "imports",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("added", sa.Integer, nullable=False),
    sa.Column("known", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name="ended"),
    sa.CheckConstraint("state IN ('checked', 'running', 'done', 'stopped')", name="state"),
)

# Reports

sa.Table(
    "report_papers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("first", sa.Date, nullable=False),
    sa.Column("last", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", sa.Text, nullable=False),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", KEY, sa.ForeignKey("users.id", name="fk_report_papers_made_by_users")),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("signed_at", Moment),
    sa.Column("signed_by", KEY, sa.ForeignKey("users.id", name="fk_report_papers_signed_by_users")),
    sa.Column("signer", sa.Text, nullable=False),
    sa.CheckConstraint("kind IN ('day', 'week', 'month', 'quarter')", name="kind"),
    sa.CheckConstraint("(version = 1) = (reason = '')", name="reason"),
    sa.CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed"),
    sa.UniqueConstraint("kind", "first", "version", name="uq_report_papers_kind_first_version"),
    sa.Index("ix_report_papers_newest", "last", "id"),
)
sa.Table(
    "report_plans",
    _METADATA,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("made", sa.Boolean, nullable=False),
    sa.Column("hour", sa.Integer, nullable=False),
    sa.Column("sends", sa.Text, nullable=False),
    sa.Column("addresses", sa.JSON, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column(
        "changed_by", KEY, sa.ForeignKey("users.id", name="fk_report_plans_changed_by_users"), nullable=False
    ),
    sa.CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    sa.CheckConstraint("kind IN ('day', 'week', 'month', 'quarter')", name="kind"),
    sa.CheckConstraint("sends IN ('signed', 'made')", name="sends"),
)
sa.Table(
    "report_schedules",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "view_id",
        KEY,
        sa.ForeignKey("saved_views.id", ondelete="CASCADE", name="fk_report_schedules_view_id_saved_views"),
        nullable=False,
    ),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("hour", sa.Integer, nullable=False),
    sa.Column("addresses", sa.JSON, nullable=False),
    sa.Column(
        "user_id", KEY, sa.ForeignKey("users.id", name="fk_report_schedules_user_id_users"), nullable=False
    ),
    sa.Column("since", Moment, nullable=False),
    sa.Column("sent_first", sa.Date),
    sa.CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
    sa.CheckConstraint("kind IN ('day', 'week', 'month', 'quarter')", name="kind"),
    sa.Index("ix_report_schedules_view_id", "view_id"),
)

# Retention

sa.Table(
    "legal_holds",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("thing", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("placed_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("placed_at", Moment, nullable=False),
    sa.Column("lifted_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("lifted_at", Moment),
    sa.CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted"),
    sa.CheckConstraint("thing IN ('appeal', 'call', 'citizen')", name="thing"),
    sa.Index("uq_legal_holds_standing", "thing", "subject", unique=True, **_where("lifted_at IS NULL")),
)
sa.Table(
    "doomed_files",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("doomed_at", Moment, nullable=False),
)
sa.Table(
    "deletions",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("began_at", Moment, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("days", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("files", sa.Integer, nullable=False),
    sa.CheckConstraint("cause IN ('term', 'erasure')", name="cause"),
    sa.UniqueConstraint("began_at", "kind", "cause", name="uq_deletions_began_at_kind_cause"),
)

# Search

sa.Table(
    "appeal_texts",
    _METADATA,
    sa.Column("id", KEY, primary_key=True, autoincrement=False),
    sa.Column("appeal", sa.Text, nullable=False, unique=True),
    sa.Column("lemmas", LEMMAS, nullable=False),
    sa.Index(
        "ix_appeal_texts_lemmas", "lemmas", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ).ddl_if(dialect="postgresql"),
)
sa.Table(
    "known_numbers",
    _METADATA,
    sa.Column("number", sa.Text, primary_key=True),
    sa.Column("backwards", IN_ORDER, nullable=False),
    sa.Index("ix_known_numbers_backwards", "backwards"),
)

# Shifts

sa.Table(
    "roster_weeks",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("monday", sa.Date, nullable=False),
    sa.Column("edition", sa.Integer, nullable=False),
    sa.Column("shifts", sa.JSON, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column(
        "changed_by", KEY, sa.ForeignKey("users.id", name="fk_roster_weeks_changed_by_users"), nullable=False
    ),
    sa.Column("published_at", Moment),
    sa.Column("published_by", KEY, sa.ForeignKey("users.id", name="fk_roster_weeks_published_by_users")),
    sa.Index("uq_roster_weeks_edition", "monday", "edition", unique=True),
)
sa.Table(
    "roster_feeds",
    _METADATA,
    sa.Column(
        "user_id",
        KEY,
        sa.ForeignKey("users.id", name="fk_roster_feeds_user_id_users"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("used_at", Moment),
)
sa.Table(
    "shift_handovers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column(
        "outgoing", KEY, sa.ForeignKey("users.id", name="fk_shift_handovers_outgoing_users"), nullable=False
    ),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("remarks", sa.Text, nullable=False),
    sa.Column("items", sa.JSON, nullable=False),
    sa.Column("said", sa.JSON, nullable=False),
    sa.Column("handed_at", Moment),
    sa.Column("incoming", KEY, sa.ForeignKey("users.id", name="fk_shift_handovers_incoming_users")),
    sa.Column("taken_at", Moment),
    sa.CheckConstraint("(state = 'draft') = (handed_at IS NULL)", name="handed"),
    sa.CheckConstraint("state IN ('draft', 'handed-over', 'asked', 'taken-over')", name="state"),
    sa.CheckConstraint(
        "(state = 'taken-over') = (taken_at IS NOT NULL) AND (taken_at IS NULL) = (incoming IS NULL)",
        name="taken",
    ),
    sa.Index("ix_shift_handovers_handed_at", "handed_at"),
    sa.Index("uq_shift_handovers_draft", "outgoing", unique=True, **_where("state = 'draft'")),
)
sa.Table(
    "roster_wishes",
    _METADATA,
    sa.Column(
        "user_id",
        KEY,
        sa.ForeignKey("users.id", name="fk_roster_wishes_user_id_users"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("wish", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.CheckConstraint("wish IN ('work', 'off')", name="wish"),
    sa.Index("ix_roster_wishes_day", "day"),
)
sa.Table(
    "shift_swaps",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("giver", KEY, sa.ForeignKey("users.id", name="fk_shift_swaps_giver_users"), nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("given", sa.JSON, nullable=False),
    sa.Column("offered_to", KEY, sa.ForeignKey("users.id", name="fk_shift_swaps_offered_to_users")),
    sa.Column("wanted", sa.JSON),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("offered_at", Moment, nullable=False),
    sa.Column("taker", KEY, sa.ForeignKey("users.id", name="fk_shift_swaps_taker_users")),
    sa.Column("decided_by", KEY, sa.ForeignKey("users.id", name="fk_shift_swaps_decided_by_users")),
    sa.Column("decided_at", Moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("giver_told", sa.Boolean, nullable=False),
    sa.Column("taker_told", sa.Boolean, nullable=False),
    sa.CheckConstraint("state <> 'done' OR decided_at IS NOT NULL", name="decided"),
    sa.CheckConstraint("state IN ('offered', 'agreed', 'done', 'refused', 'withdrawn')", name="state"),
    sa.CheckConstraint("state NOT IN ('agreed', 'done') OR taker IS NOT NULL", name="taken"),
    sa.Index("ix_shift_swaps_day", "day"),
    sa.Index("uq_shift_swaps_open", "giver", "day", unique=True, **_where("state IN ('offered', 'agreed')")),
)

# Specialists

sa.Table(
    "involvements",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("matter", sa.Text, nullable=False),
    sa.Column(
        "executor_id",
        KEY,
        sa.ForeignKey("executors.id", name="fk_involvements_executor_id_executors"),
        nullable=False,
    ),
    sa.Column("manager_id", KEY, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_involvements_user_id_users")),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column(
        "asked_by", KEY, sa.ForeignKey("users.id", name="fk_involvements_asked_by_users"), nullable=False
    ),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("answer_by", Moment, nullable=False),
    sa.Column("conclusion", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("answer_by <= until", name="answer_by"),
    sa.CheckConstraint("state <> 'reported' OR conclusion <> ''", name="conclusion"),
    sa.CheckConstraint("kind IN ('appeal', 'task', 'meeting')", name="kind"),
    sa.CheckConstraint("state IN ('asked', 'agreed', 'reported', 'refused', 'ended')", name="state"),
    sa.Index("ix_involvements_executor", "executor_id", "state"),
    sa.Index("ix_involvements_matter", "kind", "matter"),
    sa.Index("ix_involvements_state", "state"),
    sa.Index("ix_involvements_user_id", "user_id"),
)
sa.Table(
    "involvement_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "involvement_id",
        KEY,
        sa.ForeignKey("involvements.id", name="fk_involvement_history_involvement_id_involvements"),
        nullable=False,
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_involvement_history_user_id_users")),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("act", sa.Text),
    sa.Column("said", sa.Text, nullable=False),
    sa.CheckConstraint("act IN ('agree', 'refuse', 'report', 'end')", name="act"),
    sa.CheckConstraint("(user_id IS NULL) = (who <> '')", name="who"),
    sa.Index("ix_involvement_history_involvement_id", "involvement_id"),
)

# Statements

sa.Table(
    "statements",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column(
        "author_id", KEY, sa.ForeignKey("users.id", name="fk_statements_author_id_users"), nullable=False
    ),
    sa.Column("instructed_by", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("uk", sa.JSON, nullable=False),
    sa.Column("en", sa.JSON, nullable=False),
    sa.Column("publish_at", Moment),
    sa.Column("correction", sa.Text, nullable=False),
    sa.Column("refusal", sa.Text, nullable=False),
    sa.Column("withdrawn_by", KEY, sa.ForeignKey("users.id", name="fk_statements_withdrawn_by_users")),
    sa.Column("withdrawn_at", Moment),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("changed_at", Moment, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("picture", sa.JSON),
    sa.CheckConstraint(
        "state IN ('draft', 'submitted', 'approved', 'correcting', 'correction-submitted', "
        "'withdrawn', 'discarded')",
        name="state",
    ),
    sa.CheckConstraint(
        "(state = 'withdrawn') = (withdrawn_at IS NOT NULL) AND (withdrawn_at IS NULL) = "
        "(withdrawn_by IS NULL)",
        name="withdrawn",
    ),
    sa.Index("ix_statements_state", "state"),
)
sa.Table(
    "statement_versions",
    _METADATA,
    sa.Column(
        "statement_id",
        KEY,
        sa.ForeignKey("statements.id", name="fk_statement_versions_statement_id_statements"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("uk", sa.JSON, nullable=False),
    sa.Column("en", sa.JSON, nullable=False),
    sa.Column("correction", sa.Text, nullable=False),
    sa.Column(
        "author_id",
        KEY,
        sa.ForeignKey("users.id", name="fk_statement_versions_author_id_users"),
        nullable=False,
    ),
    sa.Column(
        "approver_id",
        KEY,
        sa.ForeignKey("users.id", name="fk_statement_versions_approver_id_users"),
        nullable=False,
    ),
    sa.Column("approved_at", Moment, nullable=False),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("picture", sa.JSON),
    sa.CheckConstraint("author_id <> approver_id", name="second_person"),
)

# Supervision

sa.Table(
    "listening_orders",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("placed_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("placed_at", Moment, nullable=False),
    sa.Column("ended_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("ended_at", Moment),
    sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
)
sa.Table(
    "help_requests",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("asked_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("ended_by", KEY, sa.ForeignKey("users.id")),
    sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
    sa.Index("uq_help_requests_open", "dispatcher_id", "call_id", unique=True, **_where("ended_at IS NULL")),
)
sa.Table(
    "threats",
    _METADATA,
    sa.Column("call_id", sa.Text, primary_key=True),
    sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
    sa.Column("marked_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("marked_at", Moment, nullable=False),
    sa.Column("taken_back_at", Moment),
    sa.Column("seen_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("hold_id", KEY, sa.ForeignKey("legal_holds.id")),
    sa.Index("ix_threats_marked_at", "marked_at"),
)
sa.Table(
    "slower_places",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("placed_by", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("placed_at", Moment, nullable=False),
    sa.Column("until", sa.Date, nullable=False),
    sa.Column("review_on", sa.Date, nullable=False),
    sa.Column("ended_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("ended_at", Moment),
    sa.CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
    sa.CheckConstraint("review_on <= until", name="review"),
    sa.Index("uq_slower_places_standing", "number", unique=True, **_where("ended_at IS NULL")),
)

# Surveys

sa.Table(
    "survey_forms",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("made_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("note", sa.Text, nullable=False),
    sa.UniqueConstraint("key", "version", name="uq_survey_forms_key_version"),
)
sa.Table(
    "surveys",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("appeal", sa.Text),
    sa.Column("round", sa.Integer),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("owed_at", Moment, nullable=False),
    sa.Column("form_id", KEY, sa.ForeignKey("survey_forms.id")),
    sa.Column("tried_by", KEY, sa.ForeignKey("users.id")),
    sa.Column("outcome", sa.Text),
    sa.Column("rating", sa.Integer),
    sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    sa.Column("category", sa.Text, nullable=False),
    sa.Column("ended_at", Moment),
    sa.UniqueConstraint("appeal", "round", name="uq_surveys_appeal_round"),
    sa.Index("ix_surveys_owed", "owed_at", "id"),
)
sa.Table(
    "survey_calls",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("survey_id", KEY, sa.ForeignKey("surveys.id"), nullable=False),
    sa.Column("call_id", sa.Text, nullable=False, unique=True),
    sa.Column("at", Moment, nullable=False),
    sa.Column("outcome", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Index("ix_survey_calls_survey_id", "survey_id"),
)
sa.Table(
    "survey_answers",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("survey_id", KEY, sa.ForeignKey("surveys.id"), nullable=False),
    sa.Column("call_id", sa.Text, nullable=False),
    sa.Column("question", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("means", sa.Text),
    sa.Column("at", Moment, nullable=False),
    sa.Index("ix_survey_answers_survey_id", "survey_id"),
)

# Tasks

sa.Table(
    "tasks",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("once", sa.Text, nullable=False, unique=True),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("responsible", sa.Text, nullable=False),
    sa.Column("controller", KEY, sa.ForeignKey("users.id", name="fk_tasks_controller_users"), nullable=False),
    sa.Column("given_by", KEY, sa.ForeignKey("users.id", name="fk_tasks_given_by_users")),
    sa.Column("given_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("parent", KEY, sa.ForeignKey("tasks.id", name="fk_tasks_parent_tasks")),
    sa.Column("result", sa.Text, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("told_until", Moment, nullable=False),
    sa.Column("step_at", Moment),
    sa.Column("lemmas", sa.Text, nullable=False),
    sa.CheckConstraint("(state IN ('off-control', 'withdrawn')) = (ended_at IS NOT NULL)", name="ended"),
    sa.CheckConstraint(
        "kind IN ('council', 'committee', 'mayor', 'instruction', 'meeting', 'proposal', 'fault')",
        name="kind",
    ),
    sa.CheckConstraint(
        "state IN ('given', 'accepted', 'reported', 'returned', 'off-control', 'withdrawn')", name="state"
    ),
    sa.Index("ix_tasks_controller", "controller"),
    sa.Index("ix_tasks_due", "ended_at", "due_at"),
    sa.Index("ix_tasks_parent", "parent"),
    sa.Index("ix_tasks_record", "record"),
    sa.Index("ix_tasks_responsible", "responsible"),
    sa.Index("ix_tasks_step_at", "step_at"),
)
sa.Table(
    "directives",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated", sa.Date, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column(
        "entered_by", KEY, sa.ForeignKey("users.id", name="fk_directives_entered_by_users"), nullable=False
    ),
    sa.Column("entered_at", Moment, nullable=False),
    sa.CheckConstraint("kind IN ('council', 'committee', 'mayor')", name="kind"),
    sa.Index("uq_directives_number", "kind", "number", "dated", unique=True),
)
sa.Table(
    "task_helpers",
    _METADATA,
    sa.Column(
        "task_id",
        KEY,
        sa.ForeignKey("tasks.id", name="fk_task_helpers_task_id_tasks"),
        primary_key=True,
        autoincrement=False,
    ),
    sa.Column("party", sa.Text, primary_key=True),
    sa.Index("ix_task_helpers_party", "party"),
)
sa.Table(
    "record_files",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("record", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column(
        "uploaded_by",
        KEY,
        sa.ForeignKey("users.id", name="fk_record_files_uploaded_by_users"),
        nullable=False,
    ),
    sa.Column("uploaded_at", Moment, nullable=False),
    sa.Column("signatures", sa.JSON),
    sa.Column("checked_at", Moment),
    sa.Index("uq_record_files_record", "record", "sha256", unique=True),
)
sa.Table(
    "task_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "task_id", KEY, sa.ForeignKey("tasks.id", name="fk_task_history_task_id_tasks"), nullable=False
    ),
    sa.Column("at", Moment, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id", name="fk_task_history_user_id_users")),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("changes", sa.JSON, nullable=False),
    sa.Index("ix_task_history_task_id", "task_id"),
)

# Voices

sa.Table(
    "city_messages",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("uk", sa.Text, nullable=False),
    sa.Column("en", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    sa.Column("on_since", Moment),
    sa.Column("until", Moment),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
)
sa.Table(
    "city_message_history",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("message_id", KEY, sa.ForeignKey("city_messages.id"), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("act", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("call_id", sa.Text),
    sa.Column("facts", sa.JSON, nullable=False),
    sa.Index("ix_city_message_history_message_id", "message_id"),
)
sa.Table(
    "voice_recordings",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column("phrase", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("stem", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("gone_at", Moment),
    sa.Column("gone_by", KEY, sa.ForeignKey("users.id")),
    sa.Index("uq_voice_recordings_in_use", "phrase", "language", unique=True, **_where("gone_at IS NULL")),
)

# Webhooks

sa.Table(
    "webhooks",
    _METADATA,
    sa.Column("id", KEY, primary_key=True),
    sa.Column(
        "token_id",
        KEY,
        sa.ForeignKey("api_tokens.id", name="fk_webhooks_token_id_api_tokens"),
        nullable=False,
    ),
    sa.Column("address", sa.Text, nullable=False),
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
    sa.Column("fault", sa.Text, nullable=False, server_default=""),
    sa.Column("delivered_at", Moment),
    sa.CheckConstraint("state IN ('on', 'off', 'failed', 'ended')", name="state"),
    sa.Index("ix_webhooks_token", "token_id", "id"),
)
