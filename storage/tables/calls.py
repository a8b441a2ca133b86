"""Tables of calls: journeys, recordings, messages, notes and call-backs."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR

from hotline.line.scheduled_states import ScheduledState
from hotline.speech.transcripts import Speaker
from storage.tables.columns import KEY, ForeignText, Moment, dispatcher_key, metadata, one_of

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
    # When the caller first came into a line, ours or Asterisk's own queue, and when a dispatcher first spoke.
    Column("joined_at", Moment),
    Column("talked_at", Moment),
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

# Of old calls those that still name somebody, for the nightly sweep: the others stay for ever, to be counted.
WITH_NUMBER = "(number IS NOT NULL OR shown <> '')"
Index(
    "ix_calls_with_number",
    calls.c.ended_at,
    sqlite_where=text(WITH_NUMBER),
    postgresql_where=text(WITH_NUMBER),
)

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

Index("ix_journey_steps_at", journey_steps.c.at)  # by it the sweep finds the oldest
_ENDED = text("step = 'ended'")
Index(
    "uq_journey_steps_ended",  # each call ends once, whichever process writes it first
    journey_steps.c.call_id,
    unique=True,
    sqlite_where=_ENDED,
    postgresql_where=_ENDED,
)

recordings = Table(
    "recordings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    dispatcher_key("dispatcher_id"),
    Column("started_at", Moment, nullable=False, index=True),
    Column("caller_file", Text, nullable=False),
    Column("dispatcher_file", Text, nullable=False),
    Column("listening_file", Text),
    Column("seconds", Float),
    Column("master_file", Text),
    Column("mastered_at", Moment),
    Column("sides_gone_at", Moment),
)
Index(
    "ix_recordings_with_sides",
    recordings.c.mastered_at,
    sqlite_where=text("mastered_at IS NOT NULL AND sides_gone_at IS NULL"),
    postgresql_where=text("mastered_at IS NOT NULL AND sides_gone_at IS NULL"),
)
Index(
    "ix_recordings_unfinished",
    recordings.c.started_at,
    recordings.c.id,
    sqlite_where=text("listening_file IS NULL"),
    postgresql_where=text("listening_file IS NULL"),
)

# Sounds in a store elsewhere (`storage.sounds.elsewhere`), by folder and name; not stored until read back.
stored_sounds = Table(
    "stored_sounds",
    metadata,
    Column("name", Text, primary_key=True),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("key_id", Text),
    Column("stored_at", Moment),
)
# By it alone those are found that are not stored yet, the oldest, and how much they have together.
Index("ix_stored_sounds_stored_at", stored_sounds.c.stored_at, stored_sounds.c.name, stored_sounds.c.bytes)

# What was measured in a recording when its master was made (`hotline.calls.recordings.TalkFigures`).
recording_figures = Table(
    "recording_figures",
    metadata,
    Column("recording_id", Text, ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True),
    Column("caller_seconds", Float, nullable=False),
    Column("dispatcher_seconds", Float),
    Column("silence_seconds", Float, nullable=False),
    Column("longest_silence", Float, nullable=False),
    Column("talk_over_seconds", Float),
    Column("marks", JSON, nullable=False),
    Column("peaks", JSON, nullable=False),
)

# The chain of recordings (`hotline.calls.chain`). Appended; only the note of an erasure is added to a link.
recording_links = Table(
    "recording_links",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("day", Date, nullable=False),
    Column("recording_id", Text, nullable=False, unique=True),
    Column("call_id", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("erased_at", Moment),
    Column("erased_by", Text),
    CheckConstraint("(erased_at IS NULL) = (erased_by IS NULL)", name="erased"),
)
Index(
    "ix_recording_links_erased",
    recording_links.c.erased_at,
    sqlite_where=text("erased_at IS NOT NULL"),
    postgresql_where=text("erased_at IS NOT NULL"),
)
recording_seals = Table(
    "recording_seals",
    metadata,
    Column("day", Date, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("sealed_at", Moment, nullable=False),
)

voice_messages = Table(
    "voice_messages",
    metadata,
    Column("id", Text, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("number", ForeignText),
    Column("file", Text, nullable=False),
    Column("began_at", Moment, nullable=False, index=True),
    Column("seconds", Float),
    Column("heard_at", Moment),
)
Index(
    "ix_voice_messages_unfinished",
    voice_messages.c.began_at,
    voice_messages.c.id,
    sqlite_where=text("seconds IS NULL"),
    postgresql_where=text("seconds IS NULL"),
)

# What an ear wrote down of a message or of one side of a talk stays as it was; a person's text is beside it.
transcripts = Table(
    "transcripts",
    metadata,
    # Grows with the moment of the sound: what is found is the newest first without sorting.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("message", Text, ForeignKey("voice_messages.id", ondelete="CASCADE"), unique=True),
    Column("recording", Text, ForeignKey("recordings.id", ondelete="CASCADE")),
    Column("speaker", Text, nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("words", JSON, nullable=False),
    Column("engine", Text, nullable=False),
    Column("model", ForeignText, nullable=False),
    Column("language", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("corrected", ForeignText),
    Column("corrected_by", KEY, ForeignKey("users.id")),
    Column("corrected_at", Moment),
    # By what it is found, without what is masked; NULL: `hotline reindex` has not seen it yet.
    Column("lemmas", Text().with_variant(TSVECTOR, "postgresql")),
    UniqueConstraint("recording", "speaker", name="uq_transcripts_recording_speaker"),
    CheckConstraint("(message IS NULL) <> (recording IS NULL)", name="sound"),
    CheckConstraint(
        "(corrected IS NULL) = (corrected_by IS NULL) AND (corrected IS NULL) = (corrected_at IS NULL)",
        name="corrected",
    ),
    one_of("speaker", Speaker),
    Index(
        "ix_transcripts_lemmas", "lemmas", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ).ddl_if(dialect="postgresql"),
)

cel_files = Table(
    "cel_files",
    metadata,
    Column("file", Text, primary_key=True),
    Column("offset", BigInteger, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("user_id", KEY, ForeignKey("users.id"), primary_key=True),
    Column("call_id", Text, primary_key=True, index=True),
    Column("text", ForeignText, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("put_aside_at", Moment),
)

# Appended and never changed: later notes must not alter what was known before.
call_notes = Table(
    "call_notes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("text", ForeignText, nullable=False),
)

# Appended and never changed: attempts to call back, with their results.
callbacks = Table(
    "callbacks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", Text),
    Column("covers_until", Moment, nullable=False),
    Column("call_id", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("result", Text, nullable=False),
    Column("note", ForeignText, nullable=False),
    Column("made_call_id", Text),
)
Index("ix_callbacks_of_number", callbacks.c.number, callbacks.c.covers_until)
Index("ix_callbacks_call_id", callbacks.c.call_id)

# The arrangement stays; `due_at` moves on with each failed attempt.
scheduled_callbacks = Table(
    "scheduled_callbacks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", Text, nullable=False),
    Column("wanted_at", Moment, nullable=False),
    Column("why", ForeignText, nullable=False),
    Column("arranged_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("arranged_at", Moment, nullable=False),
    Column("for_user_id", KEY, ForeignKey("users.id")),
    Column("call_id", Text),
    Column("appeal_number", Text),
    Column("due_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("last_result", Text),
    Column("last_call_id", Text),
    Column("claimed_by", KEY, ForeignKey("users.id")),
    Column("claimed_at", Moment),
    one_of("state", ScheduledState),
    CheckConstraint("(claimed_by IS NULL) = (claimed_at IS NULL)", name="claim"),
)
Index("ix_scheduled_callbacks_due", scheduled_callbacks.c.state, scheduled_callbacks.c.due_at)

callback_claims = Table(
    "callback_claims",
    metadata,
    Column("number", Text, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

# Desks that call back one person after another by themselves: the entry shown, and the entries left out until
# then.
progressive_desks = Table(
    "progressive_desks",
    metadata,
    Column("dispatcher_id", KEY, ForeignKey("dispatchers.id"), primary_key=True, autoincrement=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("reference", Text, nullable=False),
    Column("shown_at", Moment),
    Column("left_out", JSON, nullable=False),
)

# Calls by the browser, closed by the head and opened again; one row holds at most.
web_call_closings = Table(
    "web_call_closings",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("closed_at", Moment, nullable=False),
    Column("closed_by", KEY, ForeignKey("users.id")),
    Column("reason", ForeignText, nullable=False),
    Column("held", Boolean, unique=True),
    Column("opened_at", Moment),
    Column("opened_by", KEY, ForeignKey("users.id")),
    CheckConstraint("(held IS NULL) = (opened_at IS NOT NULL)", name="opened"),
)
