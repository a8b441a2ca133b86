"""Tables of the sums of days that are over, and of missed calls that are not settled yet."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text

from storage.tables.columns import KEY, Moment, metadata

# All missed calls that are open, and some that have been settled since the last look. Triggers add to it.
unsettled_calls = Table(
    "unsettled_calls",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("arrived_at", Moment, nullable=False),
)
Index("ix_unsettled_calls_arrived_at", unsettled_calls.c.arrived_at, unsettled_calls.c.call_id)

# One without sums is being made; one whose maker stands in `line_day_changes` counts for nothing.
line_days = Table(
    "line_days",
    metadata,
    Column("since", Moment, primary_key=True),
    Column("until", Moment, nullable=False),
    Column("offset", Integer, nullable=False),  # of the city's clocks to UTC, in seconds
    Column("half_hours", Text),
    Column("dispatchers", Text),
    Column("topics", Text),
    Column("outcomes", Text),
    # Who began the row, and alone may fill it in: another one each time. The program of before knew of none.
    Column("maker", Text, index=True),
    CheckConstraint(
        "(half_hours IS NULL) = (dispatchers IS NULL) AND (half_hours IS NULL) = (topics IS NULL)"
        " AND (half_hours IS NULL) = (outcomes IS NULL)",
        name="whole",
    ),
)

# By their makers the days that anything has changed in since these began. Triggers append to it, in the
# writer's transaction, and lock nothing; a reference to the day would.
line_day_changes = Table(
    "line_day_changes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("maker", Text, nullable=False, index=True),
)
