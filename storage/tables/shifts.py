"""Tables of shifts: the roster, the secret links of calendars, hand-overs, wishes and swaps."""

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
    text,
)

from hotline.shifts.handover_states import HandoverState
from hotline.shifts.swap_states import SwapState
from hotline.shifts.wishes import Wish
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

roster_wishes = Table(
    "roster_wishes",
    metadata,
    Column("user_id", KEY, ForeignKey("users.id"), primary_key=True, autoincrement=False),
    Column("day", Date, primary_key=True, index=True),
    Column("wish", Text, nullable=False),
    Column("reason", ForeignText, nullable=False),
    Column("made_at", Moment, nullable=False),
    one_of("wish", Wish),
)

# `giver_told` and `taker_told`: they have seen how it stands; the taker is who agreed, or was asked.
shift_swaps = Table(
    "shift_swaps",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("state", Text, nullable=False),
    Column("giver", KEY, ForeignKey("users.id"), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("given", JSON, nullable=False),
    Column("offered_to", KEY, ForeignKey("users.id")),
    Column("wanted", JSON),
    Column("words", ForeignText, nullable=False),
    Column("offered_at", Moment, nullable=False),
    Column("taker", KEY, ForeignKey("users.id")),
    Column("decided_by", KEY, ForeignKey("users.id")),
    Column("decided_at", Moment),
    Column("reason", ForeignText, nullable=False),
    Column("giver_told", Boolean, nullable=False),
    Column("taker_told", Boolean, nullable=False),
    one_of("state", SwapState),
    CheckConstraint("state NOT IN ('agreed', 'done') OR taker IS NOT NULL", name="taken"),
    CheckConstraint("state <> 'done' OR decided_at IS NOT NULL", name="decided"),
)
Index(
    "uq_shift_swaps_open",
    shift_swaps.c.giver,
    shift_swaps.c.day,
    unique=True,
    sqlite_where=text("state IN ('offered', 'agreed')"),
    postgresql_where=text("state IN ('offered', 'agreed')"),
)
