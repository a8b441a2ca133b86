"""Tables of supervision."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Table, Text, text

from storage.tables.columns import KEY, ForeignText, Moment, dispatcher_key, metadata

# By which dispatchers do not see who listens to them. Never deleted: it is the ground of what was hidden.
listening_orders = Table(
    "listening_orders",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", ForeignText, nullable=False),
    Column("dated", Date, nullable=False),
    Column("placed_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("ended_by", KEY, ForeignKey("users.id")),
    Column("ended_at", Moment),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
)

# Help that a dispatcher asks for in a talk; it counts while that talk goes on and nobody has ended it.
help_requests = Table(
    "help_requests",
    metadata,
    Column("id", KEY, primary_key=True),
    dispatcher_key("dispatcher_id", nullable=False),
    Column("call_id", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", KEY, ForeignKey("users.id")),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
)
Index(
    "uq_help_requests_open",
    help_requests.c.dispatcher_id,
    help_requests.c.call_id,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)

# Calls of threatening callers. A call may be written after it was marked: no foreign key.
threats = Table(
    "threats",
    metadata,
    Column("call_id", Text, primary_key=True),
    dispatcher_key("dispatcher_id"),
    Column("marked_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("marked_at", Moment, nullable=False, index=True),
    Column("taken_back_at", Moment),
    Column("seen_by", KEY, ForeignKey("users.id")),
    # The hold that was placed with the mark; none where the head held the call already.
    Column("hold_id", KEY, ForeignKey("legal_holds.id")),
)

# Numbers that wait behind all others. One that has ended stays: it is the ground of what was done.
slower_places = Table(
    "slower_places",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("number", Text, nullable=False),
    Column("reason", ForeignText, nullable=False),
    Column("placed_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("until", Date, nullable=False),
    Column("review_on", Date, nullable=False),
    Column("ended_by", KEY, ForeignKey("users.id")),
    Column("ended_at", Moment),
    CheckConstraint("(ended_by IS NULL) = (ended_at IS NULL)", name="ended"),
    CheckConstraint("review_on <= until", name="review"),
)
Index(
    "uq_slower_places_standing",
    slower_places.c.number,
    unique=True,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)
