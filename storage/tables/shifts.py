"""Tables of shifts: the roster by week, the secret links of calendars, and hand-overs."""

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, Table, Text, text

from hotline.shifts.handover_states import HandoverState
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# An edition that was published never changes; the newest that was not is the draft.
roster_weeks = Table(
    "roster_weeks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("monday", Date, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("shifts", JSON, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("published_at", Moment),
    Column("published_by", KEY, ForeignKey("users.id")),
)
Index("uq_roster_weeks_edition", roster_weeks.c.monday, roster_weeks.c.edition, unique=True)

roster_feeds = Table(
    "roster_feeds",
    metadata,
    Column("user_id", KEY, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("secret_hash", Text, nullable=False, unique=True),
    Column("made_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# Signed by the outgoing one it changes no more but for questions, answers and the other signature.
shift_handovers = Table(
    "shift_handovers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("outgoing", KEY, ForeignKey("users.id"), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("remarks", ForeignText, nullable=False),
    Column("items", JSON, nullable=False),
    Column("said", JSON, nullable=False),
    Column("handed_at", Moment, index=True),
    Column("incoming", KEY, ForeignKey("users.id")),
    Column("taken_at", Moment),
    one_of("state", HandoverState),
    CheckConstraint("(state = 'draft') = (handed_at IS NULL)", name="handed"),
    CheckConstraint(
        "(state = 'taken-over') = (taken_at IS NOT NULL) AND (taken_at IS NULL) = (incoming IS NULL)",
        name="taken",
    ),
)
Index(
    "uq_shift_handovers_draft",
    shift_handovers.c.outgoing,
    unique=True,
    sqlite_where=text("state = 'draft'"),
    postgresql_where=text("state = 'draft'"),
)
