"""Tables of requests for information: the appeals that they are about, their history, their files."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from hotline.inquiries.inquiry_states import InquiryState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

inquiries = Table(
    "inquiries",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("executor_id", KEY, ForeignKey("executors.id"), nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("asked_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("asked_at", Moment, nullable=False, index=True),
    Column("answer", ForeignText, nullable=False),
    Column("answered_at", Moment),
    Column("in_time", Boolean),
    Column("version", Integer, nullable=False),
    Column("once", Text),  # what a program has named it: the same again is this one
    one_of("state", InquiryState),
    CheckConstraint("(answered_at IS NULL) = (in_time IS NULL)", name="answered"),
    CheckConstraint(
        "state NOT IN ('answered', 'returned', 'accepted') OR answered_at IS NOT NULL", name="answer"
    ),
)
Index("uq_inquiries_once", inquiries.c.once, unique=True)
Index("ix_inquiries_state", inquiries.c.state, inquiries.c.due_at)
Index("ix_inquiries_executor", inquiries.c.executor_id, inquiries.c.state)

# No foreign key leads to `appeals`: SQLite could not rebuild that table then.
inquiry_appeals = Table(
    "inquiry_appeals",
    metadata,
    Column("inquiry_id", KEY, ForeignKey("inquiries.id"), primary_key=True, autoincrement=False),
    Column("number", Text, primary_key=True, index=True),
)

# Appended to and never changed.
inquiry_history = Table(
    "inquiry_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("inquiry_id", KEY, ForeignKey("inquiries.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("token_id", KEY),  # of the program that did it; none is ever deleted
    Column("act", Text),
    Column("said", ForeignText, nullable=False),
    Column("due_at", Moment),
)

inquiry_files = Table(
    "inquiry_files",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("inquiry_id", KEY, ForeignKey("inquiries.id"), nullable=False, index=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", ForeignText, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("uploaded_by", KEY, ForeignKey("users.id")),
    Column("uploaded_at", Moment, nullable=False),
)
