"""Tables of reports: papers as they were made and signed, their plans, and built reports that are sent."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from hotline.reports.papers import PaperKind, Sends
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# What a paper says is never changed; a signature is added once.
report_papers = Table(
    "report_papers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", ForeignText, nullable=False),
    Column("digest", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", KEY, ForeignKey("users.id")),
    Column("reason", ForeignText, nullable=False),
    Column("signed_at", Moment),
    Column("signed_by", KEY, ForeignKey("users.id")),
    # The name with which they signed: people marry, and leave.
    Column("signer", ForeignText, nullable=False),
    UniqueConstraint("kind", "first", "version", name="uq_report_papers_kind_first_version"),
    one_of("kind", PaperKind),
    CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signed"),
    CheckConstraint("(version = 1) = (reason = '')", name="reason"),
)
Index("ix_report_papers_newest", report_papers.c.last, report_papers.c.id)

report_plans = Table(
    "report_plans",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("made", Boolean, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("sends", Text, nullable=False),
    Column("addresses", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", KEY, ForeignKey("users.id"), nullable=False),
    one_of("kind", PaperKind),
    one_of("sends", Sends),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
)

# A kept report of the builder (`saved_views`, list "reports") that is counted and sent when its span is over.
report_schedules = Table(
    "report_schedules",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("view_id", KEY, ForeignKey("saved_views.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("hour", Integer, nullable=False),
    Column("addresses", JSON, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("since", Moment, nullable=False),
    # The first day of the latest span that was sent.
    Column("sent_first", Date),
    one_of("kind", PaperKind),
    CheckConstraint("hour BETWEEN 0 AND 23", name="hour"),
)
