"""Tables of closings as they are published: a signed digest of each day, and the keys that signed them."""

from sqlalchemy import CheckConstraint, Column, Date, Integer, Table, Text

from storage.tables.columns import Moment, metadata

# Appended to and never changed: a reader who kept an earlier digest would see it.
closing_digests = Table(
    "closing_digests",
    metadata,
    Column("day", Date, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    CheckConstraint("number > 0", name="number"),
)

closing_keys = Table(
    "closing_keys",
    metadata,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("key", Text, nullable=False, unique=True),
    Column("since", Date, nullable=False),
    Column("signature", Text, nullable=False),
    CheckConstraint("place >= 0", name="place"),
)
