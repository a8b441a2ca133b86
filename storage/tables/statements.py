"""Tables of statements for media and the Internet, and of their approved versions."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text

from hotline.statements.statement_states import StatementState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

statements = Table(
    "statements",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("author_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("instructed_by", ForeignText, nullable=False),
    Column("number", ForeignText, nullable=False),
    Column("dated", Date, nullable=False),
    Column("uk", JSON, nullable=False),
    Column("en", JSON, nullable=False),
    Column("publish_at", Moment),
    Column("correction", ForeignText, nullable=False),
    Column("picture", JSON(none_as_null=True)),
    Column("refusal", ForeignText, nullable=False),
    Column("withdrawn_by", KEY, ForeignKey("users.id")),
    Column("withdrawn_at", Moment),
    Column("reason", ForeignText, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("version", Integer, nullable=False),
    one_of("state", StatementState),
    CheckConstraint(
        "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
        " AND (withdrawn_at IS NULL) = (withdrawn_by IS NULL)",
        name="withdrawn",
    ),
)
Index("ix_statements_state", statements.c.state)

# Appended to and never changed.
statement_versions = Table(
    "statement_versions",
    metadata,
    Column("statement_id", KEY, ForeignKey("statements.id"), primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True),
    Column("uk", JSON, nullable=False),
    Column("en", JSON, nullable=False),
    Column("correction", ForeignText, nullable=False),
    Column("picture", JSON(none_as_null=True)),
    Column("author_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("approver_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("approved_at", Moment, nullable=False),
    Column("published_at", Moment, nullable=False),
    CheckConstraint("author_id <> approver_id", name="second_person"),
)
