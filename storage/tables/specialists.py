"""Tables of specialists who are drawn into matters, with the history of each."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from hotline.specialists.involvement_states import InvolvementAct, InvolvementState
from hotline.specialists.involvements import MatterKind
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# No foreign key leads to `appeals`, which SQLite could not rebuild then, nor to a contact, which may go.
involvements = Table(
    "involvements",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("executor_id", KEY, ForeignKey("executors.id"), nullable=False),
    Column("manager_id", KEY, nullable=False),
    Column("name", ForeignText, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), index=True),
    Column("email", ForeignText, nullable=False),
    Column("number", Text, nullable=False),
    Column("why", ForeignText, nullable=False),
    Column("what", ForeignText, nullable=False),
    Column("until", Moment, nullable=False),
    Column("asked_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("answer_by", Moment, nullable=False),
    Column("conclusion", ForeignText, nullable=False),
    Column("version", Integer, nullable=False),
    one_of("state", InvolvementState),
    one_of("kind", MatterKind),
    CheckConstraint("state <> 'reported' OR conclusion <> ''", name="conclusion"),
    CheckConstraint("answer_by <= until", name="answer_by"),
)
Index("ix_involvements_matter", involvements.c.kind, involvements.c.matter)
Index("ix_involvements_executor", involvements.c.executor_id, involvements.c.state)
Index("ix_involvements_state", involvements.c.state)

# Appended to and never changed.
involvement_history = Table(
    "involvement_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("involvement_id", KEY, ForeignKey("involvements.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("who", ForeignText, nullable=False),
    Column("act", Text),
    Column("said", ForeignText, nullable=False),
    one_of("act", InvolvementAct),
    CheckConstraint("(user_id IS NULL) = (who <> '')", name="who"),
)
