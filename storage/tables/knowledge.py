"""Tables of the knowledge base: articles in versions, questions that none answers yet."""

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
)

from hotline.knowledge.missing_states import MissingState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# `version` is the present one.
articles = Table(
    "articles",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("version", Integer, nullable=False),
)

# Appended to and never changed.
article_versions = Table(
    "article_versions",
    metadata,
    Column("id", KEY, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("note", ForeignText, nullable=False),
    Column("uk", JSON, nullable=False),
    Column("en", JSON, nullable=False),
    Column("said_as", ForeignText, nullable=False),
    Column("categories", JSON, nullable=False),
    Column("topics", JSON, nullable=False),
    Column("owner_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("valid_until", Date),
    Column("review_on", Date, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("spoken", Boolean, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    # Words with their dictionary forms: those of the question, those of the answer.
    Column("asks", ForeignText, nullable=False),
    Column("says", ForeignText, nullable=False),
    CheckConstraint("public OR NOT spoken", name="spoken"),
)

# Told in a call whose row may not be written yet: no foreign key.
article_uses = Table(
    "article_uses",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("article_id", KEY, ForeignKey("articles.id"), primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("at", Moment, nullable=False),
)

missing_answers = Table(
    "missing_answers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("call_id", Text, index=True),  # its row may not be written yet: no foreign key
    Column("question", ForeignText, nullable=False),
    Column("category", Text, nullable=False),
    Column("owner_id", KEY, ForeignKey("users.id")),
    Column("state", Text, nullable=False),
    Column("article_id", KEY, ForeignKey("articles.id")),
    Column("closed_at", Moment),
    Column("closed_by", KEY, ForeignKey("users.id")),
    Column("reason", ForeignText, nullable=False),
    Column("read_at", Moment),
    one_of("state", MissingState),
    CheckConstraint("(state = 'answered') = (article_id IS NOT NULL)", name="answered"),
    CheckConstraint(
        "(state = 'open') = (closed_at IS NULL) AND (closed_at IS NULL) = (closed_by IS NULL)", name="closed"
    ),
)
Index("ix_missing_answers_state", missing_answers.c.state, missing_answers.c.at)
Index("ix_missing_answers_of_user", missing_answers.c.user_id, missing_answers.c.at)
