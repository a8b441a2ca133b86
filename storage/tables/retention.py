"""Tables of retention: legal holds, files that are to be deleted, and the deletion log."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from hotline.retention.deletions import DeletedBy
from hotline.retention.holds import HeldThing
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

legal_holds = Table(
    "legal_holds",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("thing", Text, nullable=False),
    # A call may be written after its hold, and a citizen deleted after it was lifted: no foreign key.
    Column("subject", Text, nullable=False),
    Column("reason", ForeignText, nullable=False),
    Column("placed_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("lifted_by", KEY, ForeignKey("users.id")),
    Column("lifted_at", Moment),
    one_of("thing", HeldThing),
    CheckConstraint("(lifted_by IS NULL) = (lifted_at IS NULL)", name="lifted"),
)
Index(
    "uq_legal_holds_standing",
    legal_holds.c.thing,
    legal_holds.c.subject,
    unique=True,
    sqlite_where=text("lifted_at IS NULL"),
    postgresql_where=text("lifted_at IS NULL"),
)

# Written in the transaction that deletes the rows, and deleted once the file is gone: a service that
# dies in between leaves no file behind.
doomed_files = Table(
    "doomed_files",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("doomed_at", Moment, nullable=False),
)

# Says how much and by which term, and nothing of anybody.
deletions = Table(
    "deletions",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("began_at", Moment, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("until", Moment, nullable=False),
    Column("days", Integer, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("files", Integer, nullable=False),
    UniqueConstraint("began_at", "kind", "cause", name="uq_deletions_began_at_kind_cause"),
    one_of("cause", DeletedBy),
)
