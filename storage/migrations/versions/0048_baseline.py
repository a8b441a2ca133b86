"""All tables of the first release. Later migrations lead on from here; `storage.tables` is their sum."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

revision = "0048"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
IN_ORDER = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
LEMMAS = sa.Text().with_variant(TSVECTOR, "postgresql")

# SQLite's full-text index over `appeal_texts`. Words beginning alike are found by prefixes of 3 to 8 letters.
FTS = """
CREATE VIRTUAL TABLE appeal_lemmas USING fts5(
    lemmas, content='appeal_texts', content_rowid='id', detail=none, prefix='3 4 5 6 7 8', tokenize='ascii'
)
---
CREATE TRIGGER appeal_texts_added AFTER INSERT ON appeal_texts BEGIN
    INSERT INTO appeal_lemmas (rowid, lemmas) VALUES (new.id, new.lemmas);
END
---
CREATE TRIGGER appeal_texts_gone AFTER DELETE ON appeal_texts BEGIN
    INSERT INTO appeal_lemmas (appeal_lemmas, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
END
---
CREATE TRIGGER appeal_texts_changed AFTER UPDATE ON appeal_texts BEGIN
    INSERT INTO appeal_lemmas (appeal_lemmas, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
    INSERT INTO appeal_lemmas (rowid, lemmas) VALUES (new.id, new.lemmas);
END
"""


def upgrade() -> None:
    _executors()
    _line()
    _people()
    _searching()
    _accounts()
    _appeals()
    _calls()
    _dialling()
    _handling()
    _outages()
    _registers()
    _surveys()
    _voices()
    _informing()
    _outage_reports()


def _executors() -> None:
    op.create_table(
        "executors",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.Text, nullable=False, unique=True),
        sa.Column("short", sa.Text, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
    )
    op.create_table(
        "executor_contacts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("executor_id", KEY, sa.ForeignKey("executors.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("email", sa.Text),
        sa.Column("channels", sa.JSON, nullable=False),
        sa.Column("hours", sa.JSON, nullable=False),
    )
    _index("executor_contacts", "ix_executor_contacts_executor_id", "executor_id")
    op.create_table(
        "routing_rules",
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
    )
    _index("routing_rules", "ix_routing_rules_executor_id", "executor_id")


def _line() -> None:
    op.create_table(
        "dispatchers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("extension", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("duty", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("misses", sa.Integer, nullable=False),
        sa.Column("rest_until", MOMENT),
        sa.Column("wish", sa.Text),
        sa.Column("wish_reason", sa.Text),
    )
    op.create_table(
        "dispatcher_skills",
        sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), primary_key=True),
        sa.Column("skill", sa.Text, primary_key=True),
    )
    op.create_table(
        "places",
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("skill", sa.Text),
        sa.Column("wanted_dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
        sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
        sa.Column("offers", sa.Integer, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.Column("callback_to", sa.Text),
        sa.Column("not_before", MOMENT),
        sa.Column("rung", sa.Integer, nullable=False, server_default="0"),
    )
    _index("places", "ix_places_in_line", "state", "priority", "entered_at", where="state <> 'left'")
    _index("places", "ix_places_kept", "callback_to", "entered_at", where="callback_to IS NOT NULL")
    op.create_table(
        "presence_history",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
        sa.Column("duty", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    _index("presence_history", "ix_presence_history_dispatcher_id", "dispatcher_id")
    op.create_table(
        "talks",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    _index("talks", "ix_talks_call_id", "call_id")
    _index("talks", "ix_talks_ended_at", "ended_at")
    _index("talks", "ix_talks_of_dispatcher", "dispatcher_id", "started_at")
    _index("talks", "ix_talks_open", "dispatcher_id", where="ended_at IS NULL")


def _people() -> None:
    op.create_table(
        "citizens",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
    )
    _index("citizens", "ix_citizens_name", "name")
    op.create_table(
        "number_places",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("street", sa.Text, primary_key=True),
        sa.Column("house", sa.Text, primary_key=True),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
    )
    op.create_table(
        "street_names",
        sa.Column("normalised", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("street", sa.Text, nullable=False),
    )
    _index("street_names", "ix_street_names_street", "street")
    op.create_table(
        "citizen_benefits",
        sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), primary_key=True),
        sa.Column("code", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
    )
    op.create_table(
        "citizen_numbers",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), primary_key=True),
    )
    _index("citizen_numbers", "ix_citizen_numbers_citizen_id", "citizen_id")
    op.create_table(
        "citizen_requests",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), nullable=False),
    )
    op.create_table(
        "citizen_words",
        sa.Column("word", IN_ORDER, primary_key=True),
        sa.Column("citizen_id", KEY, sa.ForeignKey("citizens.id"), primary_key=True),
    )
    _index("citizen_words", "ix_citizen_words_citizen_id", "citizen_id")


def _searching() -> None:
    op.create_table(
        "appeal_texts",
        sa.Column("id", KEY, primary_key=True, autoincrement=False),
        sa.Column("appeal", sa.Text, nullable=False, unique=True),
        sa.Column("lemmas", LEMMAS, nullable=False),
    )
    op.create_table(
        "known_numbers",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("backwards", IN_ORDER, nullable=False),
    )
    _index("known_numbers", "ix_known_numbers_backwards", "backwards")
    _search_by_words()


def _accounts() -> None:
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("succeeded", sa.Boolean, nullable=False),
    )
    _index("sign_in_attempts", "ix_sign_in_attempts_login", "login")
    _index("sign_in_attempts", "ix_sign_in_attempts_address", "address")
    op.create_table(
        "users",
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
        sa.Column("signed_in_at", MOMENT),
        sa.Column("phone_code_hash", sa.Text),
    )
    _index("users", "ix_users_executor_id", "executor_id")
    op.create_table(
        "api_tokens",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("personal", sa.Boolean, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
    )
    op.create_table(
        "audit",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
    )
    _index("audit", "ix_audit_at", "at")
    _index("audit", "ix_audit_subject", "subject")
    _index("audit", "ix_audit_of_user", "user_id", "at")
    _index("audit", "ix_audit_of_action", "action", "at")
    op.create_table(
        "user_sessions",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("csrf", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("awaits_code", sa.Boolean, nullable=False),
    )
    _index("user_sessions", "ix_user_sessions_user_id", "user_id")
    _index("user_sessions", "ix_user_sessions_expires_at", "expires_at")


def _appeals() -> None:
    op.create_table(
        "appeal_counters",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "appeal_forms",
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
    )
    op.create_table(
        "appeals",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("applicant_number", sa.Text),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("registered_at", MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("due_at", MOMENT),
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
        sa.Column("form", sa.Text, unique=True),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("state_since", MOMENT),
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
    )
    _index("appeals", "ix_appeals_applicant_number", "applicant_number")
    _index("appeals", "ix_appeals_applicant_id", "applicant_id")
    _index("appeals", "ix_appeals_call_id", "call_id")
    _index("appeals", "ix_appeals_alike", "category", "address_key", "registered_at")
    _index("appeals", "ix_appeals_registration_index", "registration_index")
    _index("appeals", "ix_appeals_newest", "registered_at", "number")
    _index("appeals", "ix_appeals_term", "due_at", "number")
    _index("appeals", "ix_appeals_state_term", "state", "due_at", "number")
    _index("appeals", "ix_appeals_registrar", "registered_by", "registered_at", "number")
    _index("appeals", "ix_appeals_state", "state", "registered_at", "number")
    _index("appeals", "ix_appeals_category", "category", "registered_at", "number")
    _index("appeals", "ix_appeals_urgency", "urgency", "registered_at", "number")
    _index("appeals", "ix_appeals_kind", "kind", "registered_at", "number")
    _index("appeals", "ix_appeals_sign", "sign", "registered_at", "number")
    _index("appeals", "ix_appeals_address", "address_key", "registered_at", "number")
    _index("appeals", "ix_appeals_of_executor", "executor_id", "state", "due_at")
    _index("appeals", "ix_appeals_parent", "parent")
    _index("appeals", "ix_appeals_executor", "executor_id", "registered_at", "number")
    _index("appeals", "ix_appeals_asked", "number", where="question <> ''")
    _index("appeals", "ix_appeals_answered_at", "reply_to", where="reply_to <> ''")
    _index("appeals", "ix_appeals_received", "registered_at", "executor_id", "state")
    _index(
        "appeals",
        "ix_appeals_controlled",
        "due_at",
        "number",
        where="controlled",
        sqlite_where="controlled = 1",
    )
    op.create_table(
        "consultations",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("call_id", sa.Text),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    _index("consultations", "ix_consultations_call_id", "call_id")


def _calls() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("number", sa.Text),
        sa.Column("shown", sa.Text, nullable=False),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("answered_at", MOMENT),
        sa.Column("first_prompt_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.Text),
        sa.Column("recording_refused", sa.Boolean, nullable=False),
        sa.Column("direction", sa.Text, nullable=False, server_default="incoming"),
    )
    _index("calls", "ix_calls_arrived_at", "arrived_at")
    _index("calls", "ix_calls_unended", "arrived_at", where="ended_at IS NULL")
    _index("calls", "ix_calls_of_number", "number", "arrived_at")
    _index("calls", "ix_calls_abandoned", "arrived_at", where="outcome = 'abandoned-in-line'")
    _index("calls", "ix_calls_outcome", "outcome", "arrived_at")
    _index("calls", "ix_calls_of_number_outcome", "number", "outcome", "arrived_at")
    _index("calls", "ix_calls_direction", "direction", "arrived_at")
    op.create_table(
        "cel_files",
        sa.Column("file", sa.Text, primary_key=True),
        sa.Column("offset", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "journey_steps",
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sqlite_with_rowid=False,
    )
    _index("journey_steps", "uq_journey_steps_ended", "call_id", unique=True, where="step = 'ended'")
    op.create_table(
        "voice_messages",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Float),
        sa.Column("heard_at", MOMENT),
    )
    _index("voice_messages", "ix_voice_messages_call_id", "call_id")
    _index("voice_messages", "ix_voice_messages_unfinished", "began_at", "id", where="seconds IS NULL")
    op.create_table(
        "recordings",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("dispatcher_id", KEY, sa.ForeignKey("dispatchers.id")),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("caller_file", sa.Text, nullable=False),
        sa.Column("dispatcher_file", sa.Text, nullable=False),
        sa.Column("listening_file", sa.Text),
        sa.Column("seconds", sa.Float),
    )
    _index("recordings", "ix_recordings_unfinished", "started_at", "id", where="listening_file IS NULL")
    _index("recordings", "ix_recordings_call_id", "call_id")
    op.create_table(
        "call_notes",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    _index("call_notes", "ix_call_notes_call_id", "call_id")
    op.create_table(
        "callback_claims",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "callbacks",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.Text),
        sa.Column("covers_until", MOMENT, nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("made_call_id", sa.Text),
    )
    _index("callbacks", "ix_callbacks_of_number", "number", "covers_until")
    _index("callbacks", "ix_callbacks_call_id", "call_id")
    op.create_table(
        "drafts",
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.Column("put_aside_at", MOMENT),
    )
    _index("drafts", "ix_drafts_call_id", "call_id")
    op.create_table(
        "progressive_desks",
        sa.Column(
            "dispatcher_id", KEY, sa.ForeignKey("dispatchers.id"), primary_key=True, autoincrement=False
        ),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("shown_at", MOMENT),
        sa.Column("left_out", sa.JSON, nullable=False),
    )
    op.create_table(
        "scheduled_callbacks",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("wanted_at", MOMENT, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("arranged_by", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("arranged_at", MOMENT, nullable=False),
        sa.Column("for_user_id", KEY, sa.ForeignKey("users.id")),
        sa.Column("call_id", sa.Text),
        sa.Column("appeal_number", sa.Text),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("last_result", sa.Text),
        sa.Column("last_call_id", sa.Text),
        sa.Column("claimed_by", KEY, sa.ForeignKey("users.id")),
        sa.Column("claimed_at", MOMENT),
    )
    _index("scheduled_callbacks", "ix_scheduled_callbacks_due", "state", "due_at")


def _dialling() -> None:
    op.create_table(
        "call_attempts",
        sa.Column("call_id", sa.Text, primary_key=True),
        sa.Column("errand", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("exempt", sa.Text, nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.Column("held_by", sa.Text, nullable=False),
        sa.Column("renewed_at", MOMENT, nullable=False),
        sa.Column("dialled_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("result", sa.Text),
        sa.Column("told_at", MOMENT),
    )
    _index(
        "call_attempts", "uq_call_attempts_errand_under_way", "errand", unique=True, where="ended_at IS NULL"
    )
    _index(
        "call_attempts", "uq_call_attempts_number_under_way", "number", unique=True, where="ended_at IS NULL"
    )
    _index("call_attempts", "ix_call_attempts_untold", "renewed_at", where="told_at IS NULL")
    _index("call_attempts", "ix_call_attempts_number", "number", "dialled_at")
    _index("call_attempts", "ix_call_attempts_errand", "errand", "claimed_at")
    op.create_table(
        "campaigns",
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
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    )
    _index("campaigns", "ix_campaigns_state", "state")
    op.create_table(
        "do_not_call",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
    )
    _index("do_not_call", "ix_do_not_call_newest", "at")
    op.create_table(
        "campaign_people",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("campaign_id", KEY, sa.ForeignKey("campaigns.id"), nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("called_at", MOMENT),
        sa.Column("called_before", MOMENT),
        sa.Column("result", sa.Text),
        sa.Column("call_id", sa.Text),
        sa.UniqueConstraint("campaign_id", "number", name="uq_campaign_people_campaign_id_number"),
    )
    _index("campaign_people", "ix_campaign_people_due", "campaign_id", "due_at", where="state = 'due'")
    _index("campaign_people", "ix_campaign_people_claimed", "changed_at", where="state = 'claimed'")
    _index("campaign_people", "ix_campaign_people_called", "campaign_id", "called_at")
    _index(
        "campaign_people",
        "ix_campaign_people_unended",
        "campaign_id",
        "state",
        where="state IN ('due', 'claimed')",
    )


def _handling() -> None:
    op.create_table(
        "appeal_files",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("media_type", sa.Text, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("uploaded_by", KEY, sa.ForeignKey("users.id")),
        sa.Column("uploaded_at", MOMENT, nullable=False),
    )
    _index("appeal_files", "ix_appeal_files_number", "number")
    op.create_table(
        "appeal_history",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
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
        sa.UniqueConstraint("number", "version", name="uq_appeal_history_number_version"),
        sa.UniqueConstraint("number", "step", name="uq_appeal_history_number_step"),
    )
    op.create_table(
        "notices",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("entry_id", KEY, sa.ForeignKey("appeal_history.id")),
        sa.Column("matter", sa.Text, nullable=False, server_default=""),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("owed_at", MOMENT, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("provider_id", sa.Text, nullable=False),
        sa.Column("fault", sa.Text, nullable=False),
        sa.Column("round", sa.Integer, nullable=False, server_default="0"),
        sa.UniqueConstraint("entry_id", "recipient", "channel", name="uq_notices_entry_id_recipient_channel"),
    )
    _index(
        "notices", "ix_notices_sent", "channel", "changed_at", where="state = 'sent' AND provider_id <> ''"
    )
    _index("notices", "ix_notices_recipient", "recipient", "state", "owed_at")
    _index("notices", "ix_notices_undecided", "changed_at", where="state IN ('failed', 'unsure')")
    _index("notices", "ix_notices_number", "number")
    _index("notices", "ix_notices_claimed", "changed_at", where="state = 'claimed'")
    _index("notices", "ix_notices_provider", "provider_id", where="provider_id <> ''")
    _index(
        "notices",
        "uq_notices_matter_recipient_channel",
        "matter",
        "recipient",
        "channel",
        unique=True,
        where="matter <> ''",
    )
    _index(
        "notices",
        "ix_notices_unsent",
        "channel",
        "state",
        where="state IN ('owed', 'claimed', 'failed', 'unsure') AND channel <> 'page'",
    )
    _index("notices", "ix_notices_owed", "channel", "due_at", "id", where="state = 'owed'")


def _outages() -> None:
    op.create_table(
        "outages",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("utility", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("expected_end", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.Column("areas", sa.JSON, nullable=False, server_default="[]"),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("by_order", sa.Text, nullable=False, server_default=""),
        sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
        sa.Column("cancelled", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("source", sa.Text, nullable=False, server_default="service"),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("form", sa.Text),
        sa.UniqueConstraint("form", name="uq_outages_form"),
    )
    _index("outages", "ix_outages_ended_at", "ended_at")
    _index("outages", "ix_outages_of_executor", "executor_id", "starts_at")
    _index("outages", "ix_outages_newest", "starts_at", "id")
    op.create_table(
        "outage_answers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("outage_id", KEY, sa.ForeignKey("outages.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("watcher_id", KEY, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("appeal", sa.Text),
        sa.UniqueConstraint(
            "outage_id", "version", "watcher_id", name="uq_outage_answers_outage_id_version_watcher_id"
        ),
    )
    op.create_table(
        "outage_history",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("outage_id", KEY, sa.ForeignKey("outages.id"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id")),
        sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.UniqueConstraint("outage_id", "version", name="uq_outage_history_outage_id_version"),
    )
    op.create_table(
        "outage_subscriptions",
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
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("ended_at", MOMENT),
    )
    _index("outage_subscriptions", "ix_outage_subscriptions_of_contact", "contact", "channel", "asked_at")
    _index("outage_subscriptions", "ix_outage_subscriptions_confirmed_at", "confirmed_at")
    op.create_table(
        "outage_watchers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("outage_id", KEY, sa.ForeignKey("outages.id"), nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.UniqueConstraint(
            "outage_id", "channel", "address", name="uq_outage_watchers_outage_id_channel_address"
        ),
    )
    _index("outage_watchers", "ix_outage_watchers_behind", "outage_id", "version")


def _registers() -> None:
    op.create_table(
        "appeal_series",
        sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("series", sa.Text, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
    )
    op.create_table(
        "houses",
        sa.Column("street", sa.Text, primary_key=True),
        sa.Column("house", sa.Text, primary_key=True),
        sa.Column("quarter", sa.Text, nullable=False),
    )
    op.create_table(
        "imports",
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
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.UniqueConstraint("user_id", "name", name="uq_saved_views_user_id_name"),
    )


def _surveys() -> None:
    op.create_table(
        "survey_forms",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", KEY, sa.ForeignKey("users.id")),
        sa.Column("note", sa.Text, nullable=False),
        sa.UniqueConstraint("key", "version", name="uq_survey_forms_key_version"),
    )
    op.create_table(
        "surveys",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("appeal", sa.Text),
        sa.Column("round", sa.Integer),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("form_id", KEY, sa.ForeignKey("survey_forms.id")),
        sa.Column("tried_by", KEY, sa.ForeignKey("users.id")),
        sa.Column("outcome", sa.Text),
        sa.Column("rating", sa.Integer),
        sa.Column("executor_id", KEY, sa.ForeignKey("executors.id")),
        sa.Column("category", sa.Text, nullable=False),
        sa.UniqueConstraint("appeal", "round", name="uq_surveys_appeal_round"),
    )
    _index("surveys", "ix_surveys_due", "state", "due_at", "id")
    _index("surveys", "ix_surveys_owed", "owed_at", "id")
    op.create_table(
        "survey_answers",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("survey_id", KEY, sa.ForeignKey("surveys.id"), nullable=False),
        sa.Column("call_id", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("means", sa.Text),
        sa.Column("at", MOMENT, nullable=False),
    )
    _index("survey_answers", "ix_survey_answers_survey_id", "survey_id")
    op.create_table(
        "survey_calls",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("survey_id", KEY, sa.ForeignKey("surveys.id"), nullable=False),
        sa.Column("call_id", sa.Text, nullable=False, unique=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
    )
    _index("survey_calls", "ix_survey_calls_survey_id", "survey_id")


def _voices() -> None:
    op.create_table(
        "city_messages",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("uk", sa.Text, nullable=False),
        sa.Column("en", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("on_since", MOMENT),
        sa.Column("until", MOMENT),
        sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "city_message_history",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("message_id", KEY, sa.ForeignKey("city_messages.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("call_id", sa.Text),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    _index("city_message_history", "ix_city_message_history_message_id", "message_id")
    op.create_table(
        "voice_recordings",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("phrase", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("basis", sa.Text, nullable=False),
        sa.Column("stem", sa.Text, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("user_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT),
        sa.Column("gone_by", KEY, sa.ForeignKey("users.id")),
    )
    _index(
        "voice_recordings",
        "uq_voice_recordings_in_use",
        "phrase",
        "language",
        unique=True,
        where="gone_at IS NULL",
    )


def _informing() -> None:
    op.create_table(
        "informing_orders",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("dated", sa.Date, nullable=False),
        sa.Column("issued_by", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("short", sa.Text, nullable=False),
        sa.Column("ways", sa.JSON, nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT),
        sa.Column("exempt", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("author_id", KEY, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("approver_id", KEY, sa.ForeignKey("users.id")),
        sa.Column("decided_at", MOMENT),
        sa.Column("refusal", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("voice", sa.Text, nullable=False, server_default=""),
        sa.Column("looked_up_to", KEY, nullable=False),
    )
    _index("informing_orders", "ix_informing_orders_state", "state")
    op.create_table(
        "informing_campaigns",
        sa.Column("campaign_id", KEY, sa.ForeignKey("campaigns.id"), primary_key=True),
        sa.Column("order_id", KEY, sa.ForeignKey("informing_orders.id"), nullable=False),
    )
    _index("informing_campaigns", "ix_informing_campaigns_order_id", "order_id")
    op.create_table(
        "informing_people",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("order_id", KEY, sa.ForeignKey("informing_orders.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("email", sa.Text),
        sa.UniqueConstraint("order_id", "number", name="uq_informing_people_order_id_number"),
        sa.UniqueConstraint("order_id", "email", name="uq_informing_people_order_id_email"),
    )


def _outage_reports() -> None:
    op.create_table(
        "outage_alerts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("utility", sa.Text, nullable=False),
        sa.Column("areas", sa.JSON, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("grew_at", MOMENT, nullable=False),
        sa.Column("voices", sa.Integer, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("outage_id", KEY, sa.ForeignKey("outages.id")),
        sa.Column("decided_at", MOMENT),
        sa.Column("decided_by", KEY, sa.ForeignKey("users.id")),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
    )
    _index("outage_alerts", "ix_outage_alerts_opened_at", "opened_at")
    _index("outage_alerts", "uq_outage_alerts_open", "utility", unique=True, where="state = 'open'")
    op.create_table(
        "outage_reports",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("utility", sa.Text, nullable=False),
        sa.Column("street", sa.Text, nullable=False),
        sa.Column("house", sa.Text, nullable=False),
        sa.Column("quarter", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("number", sa.Text),
        sa.Column("applicant_id", KEY, sa.ForeignKey("citizens.id")),
        sa.Column("call_id", sa.Text),
        sa.Column("appeal", sa.Text, unique=True),
        sa.Column("alert_id", KEY, sa.ForeignKey("outage_alerts.id")),
        sa.Column("outage_id", KEY, sa.ForeignKey("outages.id")),
        sa.Column("apart", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    _index("outage_reports", "ix_outage_reports_alert_id", "alert_id")
    _index("outage_reports", "ix_outage_reports_outage_id", "outage_id")
    _index(
        "outage_reports", "uq_outage_reports_call", "call_id", "utility", unique=True, where="appeal IS NULL"
    )
    _index("outage_reports", "ix_outage_reports_undecided", "at", where="outage_id IS NULL")


def _search_by_words() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in FTS.split("---"):
            op.execute(statement)
    else:
        op.create_index(
            "ix_appeal_texts_lemmas",
            "appeal_texts",
            ["lemmas"],
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},
        )


def _index(
    table: str,
    name: str,
    *columns: str,
    unique: bool = False,
    where: str | None = None,
    sqlite_where: str | None = None,
) -> None:
    op.create_index(
        name,
        table,
        [*columns],
        unique=unique,
        postgresql_where=where and sa.text(where),
        sqlite_where=where and sa.text(sqlite_where or where),
    )
