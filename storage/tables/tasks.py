"""Tables of tasks, with their co-executors and history."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from hotline.tasks.task import TaskKind
from hotline.tasks.task_states import ENDED, TaskState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

_ENDED = ", ".join(f"'{one.value}'" for one in sorted(ENDED))

# A party is `user:7` or `executor:3`; neither is ever deleted.
tasks = Table(
    "tasks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("record", Text, nullable=False),
    Column("title", ForeignText, nullable=False),
    Column("once", Text, nullable=False, unique=True),
    Column("text", ForeignText, nullable=False),
    Column("responsible", Text, nullable=False, index=True),
    Column("controller", KEY, ForeignKey("users.id"), nullable=False, index=True),
    Column("given_by", KEY, ForeignKey("users.id")),
    Column("given_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("parent", KEY, ForeignKey("tasks.id"), index=True),
    Column("result", ForeignText, nullable=False),
    Column("ended_at", Moment),
    # The steps of its term up to then were taken; the next one is due at `step_at`.
    Column("told_until", Moment, nullable=False),
    Column("step_at", Moment, index=True),
    # Words of text, result and title with their dictionary forms, one space between them.
    Column("lemmas", ForeignText, nullable=False),
    one_of("state", TaskState),
    one_of("kind", TaskKind),
    CheckConstraint(f"(state IN ({_ENDED})) = (ended_at IS NOT NULL)", name="ended"),
)
Index("ix_tasks_record", tasks.c.record)
Index("ix_tasks_due", tasks.c.ended_at, tasks.c.due_at)

# An order of the city, whose points are tasks with the record `directive:ID`.
directives = Table(
    "directives",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", ForeignText, nullable=False),
    Column("dated", Date, nullable=False),
    Column("title", ForeignText, nullable=False),
    Column("entered_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("entered_at", Moment, nullable=False),
    CheckConstraint("kind IN ('council', 'committee', 'mayor')", name="kind"),
)
Index("uq_directives_number", directives.c.kind, directives.c.number, directives.c.dated, unique=True)

task_helpers = Table(
    "task_helpers",
    metadata,
    Column("task_id", KEY, ForeignKey("tasks.id"), primary_key=True, autoincrement=False),
    Column("party", Text, primary_key=True),
)
Index("ix_task_helpers_party", task_helpers.c.party)

# Of a task, an order or a memo: `task:5`, `directive:3`, `memo:7`.
record_files = Table(
    "record_files",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("record", Text, nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("name", ForeignText, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("uploaded_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    # Of a signature's file: each `PaperSignature` as it was checked then.
    Column("signatures", JSON(none_as_null=True)),
    Column("checked_at", Moment),
)
Index("uq_record_files_record", record_files.c.record, record_files.c.sha256, unique=True)

# Appended to and never changed.
task_history = Table(
    "task_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("task_id", KEY, ForeignKey("tasks.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("token_id", KEY),  # of the program that did it; none is ever deleted
    Column("event", Text, nullable=False),
    Column("said", ForeignText, nullable=False),
    Column("changes", JSON, nullable=False),
)
