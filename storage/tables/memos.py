"""The table of memos."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text

from hotline.memos.memo_states import MemoState
from hotline.memos.memos import Addressee, MemoKind
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

memos = Table(
    "memos",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("subject", ForeignText, nullable=False),
    Column("text", ForeignText, nullable=False),
    Column("papers", JSON, nullable=False),
    Column("writer", KEY, ForeignKey("users.id"), nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("number", ForeignText, nullable=False),
    Column("sent_on", Date),
    Column("answer_by", Date),
    Column("answer", ForeignText, nullable=False),
    Column("answered_on", Date),
    # The key of its form: one that is sent twice makes one memo.
    Column("once", Text),
    one_of("state", MemoState),
    one_of("kind", MemoKind),
    one_of("addressee", Addressee),
    CheckConstraint("(state IN ('draft', 'dropped')) = (sent_on IS NULL)", name="sent"),
    CheckConstraint("(state IN ('draft', 'dropped', 'sent')) = (answered_on IS NULL)", name="unanswered"),
)
Index("uq_memos_once", memos.c.once, unique=True)
