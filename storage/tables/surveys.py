"""Tables of surveys: versions of their forms, surveys to be made, and answers."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from hotline.chats.chats import Medium
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

survey_forms = Table(
    "survey_forms",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", JSON, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", KEY, ForeignKey("users.id")),
    Column("note", ForeignText, nullable=False),
    UniqueConstraint("key", "version", name="uq_survey_forms_key_version"),
)

# One for each report that it is done: `round` is the appeal's version then. A trial has no appeal. The call
# that is owed for it stands in `call_jobs`.
surveys = Table(
    "surveys",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("appeal", Text),
    Column("round", Integer),
    Column("number", ForeignText, nullable=False),
    Column("language", Text, nullable=False),
    Column("owed_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("form_id", KEY, ForeignKey("survey_forms.id")),
    Column("tried_by", KEY, ForeignKey("users.id")),
    Column("outcome", Text),
    Column("rating", Integer),
    # The executor and the category when the work was reported done: results are grouped by them.
    Column("executor_id", KEY, ForeignKey("executors.id")),
    Column("category", Text, nullable=False),
    UniqueConstraint("appeal", "round", name="uq_surveys_appeal_round"),
)
Index("ix_surveys_owed", surveys.c.owed_at, surveys.c.id)

survey_calls = Table(
    "survey_calls",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("survey_id", KEY, ForeignKey("surveys.id"), nullable=False, index=True),
    Column("call_id", Text, nullable=False, unique=True),
    Column("at", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("question", Text, nullable=False),
)

# Appended to and never changed: what a citizen said is evidence.
survey_answers = Table(
    "survey_answers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("survey_id", KEY, ForeignKey("surveys.id"), nullable=False, index=True),
    Column("call_id", Text, nullable=False),
    Column("question", ForeignText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("said", ForeignText, nullable=False),
    Column("means", Text),
    Column("at", Moment, nullable=False),
)

# Surveys that are asked in writing first: where, in which chat and since when, until a call takes over.
survey_chats = Table(
    "survey_chats",
    metadata,
    Column("survey_id", KEY, ForeignKey("surveys.id"), primary_key=True, autoincrement=False),
    Column("medium", Text, nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("chat_id", KEY),
    Column("asked_at", Moment),
    Column("called_from", Moment),
    one_of("medium", Medium),
    CheckConstraint("(chat_id IS NULL) = (asked_at IS NULL)", name="asked"),
)
Index("ix_survey_chats_asked", survey_chats.c.medium, survey_chats.c.asked_at)
