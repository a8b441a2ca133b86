"""Tables of the city's message, and of people's voices in the place of synthesised ones."""

from sqlalchemy import JSON, Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, false, text

from storage.tables.columns import KEY, ForeignText, Moment, metadata

city_messages = Table(
    "city_messages",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("title", ForeignText, nullable=False),
    Column("uk", ForeignText, nullable=False),
    Column("en", ForeignText, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("on_since", Moment),
    Column("until", Moment),
    Column("removed", Boolean, nullable=False, server_default=false()),
)

# Appended to and never changed: who let the whole city hear what, and when.
city_message_history = Table(
    "city_message_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("message_id", KEY, ForeignKey("city_messages.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("act", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("call_id", Text),
    Column("facts", JSON, nullable=False),
)

voice_recordings = Table(
    "voice_recordings",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("phrase", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("basis", ForeignText, nullable=False),
    Column("stem", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("origin", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("gone_at", Moment),
    Column("gone_by", KEY, ForeignKey("users.id")),
)
_IN_USE = text("gone_at IS NULL")
Index(
    "uq_voice_recordings_in_use",
    voice_recordings.c.phrase,
    voice_recordings.c.language,
    unique=True,
    sqlite_where=_IN_USE,
    postgresql_where=_IN_USE,
)
