"""Tables of chats: the conversations in writing, and their lines."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import LineKind, Medium
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

chats = Table(
    "chats",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("medium", Text, nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("number", Text),
    Column("from_call", Text),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("begun_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("waits_since", Moment),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("lines", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("sending", Integer),
    Column("version", Integer, nullable=False),
    one_of("medium", Medium),
    one_of("state", ChatState),
    CheckConstraint("state <> 'waiting' OR waits_since IS NOT NULL", name="waiting"),
    CheckConstraint("state <> 'talking' OR user_id IS NOT NULL", name="talking"),
)
Index("ix_chats_from_call", chats.c.from_call, unique=True)
Index("ix_chats_address", chats.c.medium, chats.c.address)
Index(
    "ix_chats_unsent",
    chats.c.medium,
    chats.c.changed_at,
    sqlite_where=text("sent < lines"),
    postgresql_where=text("sent < lines"),
)
Index("ix_chats_state", chats.c.state, chats.c.changed_at)

# Appended to and never changed.
chat_lines = Table(
    "chat_lines",
    metadata,
    Column("chat_id", KEY, ForeignKey("chats.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("asked", ForeignText, nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("detail", JSON, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("received", ForeignText, nullable=False, server_default=""),
    one_of("kind", LineKind),
    CheckConstraint("(kind = 'replied') = (user_id IS NOT NULL)", name="replied"),
)

# Photos that no appeal's list names: a row goes when one does.
chat_photos = Table(
    "chat_photos",
    metadata,
    Column("key", Text, primary_key=True),
    Column("chat_id", KEY, ForeignKey("chats.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("for_person", Boolean, nullable=False),
    UniqueConstraint("chat_id", "sha256"),
)

# The chat in which an appeal was written, with the way to its writer: the chat itself may be gone before it.
appeal_chats = Table(
    "appeal_chats",
    metadata,
    Column("appeal", Text, ForeignKey("appeals.number"), primary_key=True),
    Column("chat_id", KEY, nullable=False),
    Column("medium", Text, nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("only_in_writing", Boolean, nullable=False, server_default=false()),
    one_of("medium", Medium),
)
Index("ix_appeal_chats_address", appeal_chats.c.medium, appeal_chats.c.address)
