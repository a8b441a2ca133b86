"""Tables of power: the schedule of each queue and day as told last, all that was told, emergency cuts."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Integer, Table, Text, false

from storage.tables.columns import KEY, ForeignText, Moment, metadata

# `halves`: a letter for each half-hour of the clock, as `storage.power.schedules` writes them.
power_schedules = Table(
    "power_schedules",
    metadata,
    Column("queue", ForeignText, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("halves", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("heard_at", Moment, nullable=False),
    CheckConstraint("length(halves) = 48", name="halves"),
)

# Each time when something new was told.
power_told = Table(
    "power_told",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("source", Text, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("made_at", Moment, nullable=False),
    Column("changed", Integer, nullable=False),
)

# `held` is true while they hold, and empty afterwards: only one holds at a time. `source_says` is true while
# the source says these cuts: those that a person has ended do not begin again by the same words.
power_emergencies = Table(
    "power_emergencies",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("since", Moment, nullable=False),
    Column("begun_by", KEY, ForeignKey("users.id")),
    Column("held", Boolean, unique=True),
    Column("source_says", Boolean, nullable=False, server_default=false()),
    Column("ended_at", Moment),
    Column("ended_by", KEY, ForeignKey("users.id")),
    CheckConstraint("(held IS NULL) = (ended_at IS NOT NULL)", name="ended"),
)

# The supplier's latest list: a keyed digest of each account (`hotline/power/accounts.py`), and its queue.
power_accounts = Table(
    "power_accounts",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("queue", ForeignText, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("told_by", KEY, ForeignKey("users.id"), nullable=False),
)
