"""Tables of citizens and of the streets that they live in."""

from datetime import UTC, datetime
from functools import partial

from sqlalchemy import JSON, Column, ForeignKey, Integer, Table, Text

from storage.tables.columns import KEY, ForeignText, Moment, metadata

street_names = Table(
    "street_names",
    metadata,
    Column("normalised", ForeignText, primary_key=True),
    Column("name", ForeignText, nullable=False),
    Column("street", ForeignText, nullable=False, index=True),  # the present name; its own for a present one
)

citizens = Table(
    "citizens",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", ForeignText, nullable=False, index=True),
    Column("address", ForeignText, nullable=False),
    # The moment of the last entry or change: a new card is kept though nobody has called yet.
    Column("noted_at", Moment, default=partial(datetime.now, UTC), onupdate=partial(datetime.now, UTC)),
)

# Appended to and never changed: the card as it was before each correction.
citizen_history = Table(
    "citizen_history",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("citizen_id", KEY, ForeignKey("citizens.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("name", ForeignText, nullable=False),
    Column("address", ForeignText, nullable=False),
    Column("numbers", JSON, nullable=False),
)

# The applicant's own statements; the classifier's version is part of a code's meaning.
citizen_benefits = Table(
    "citizen_benefits",
    metadata,
    Column("citizen_id", KEY, ForeignKey("citizens.id"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("noted_at", Moment, nullable=False),
)

citizen_words = Table(
    "citizen_words",
    metadata,
    # In the order of code points, so that the words with one beginning lie side by side.
    Column("word", Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True),
    Column("citizen_id", KEY, ForeignKey("citizens.id"), primary_key=True, index=True),
)

citizen_numbers = Table(
    "citizen_numbers",
    metadata,
    Column("number", Text, primary_key=True),
    Column("citizen_id", KEY, ForeignKey("citizens.id"), primary_key=True, index=True),
)

# Requests of other systems by idempotency key: sent again, they are not carried out again.
citizen_requests = Table(
    "citizen_requests",
    metadata,
    Column("key", ForeignText, primary_key=True),
    Column("citizen_id", KEY, ForeignKey("citizens.id"), nullable=False),
)

# Addresses that callers keyed in when they were asked where something is off.
number_places = Table(
    "number_places",
    metadata,
    Column("number", Text, primary_key=True),
    Column("street", ForeignText, primary_key=True),
    Column("house", ForeignText, primary_key=True),
    Column("said_at", Moment, nullable=False),
    Column("call_id", Text, nullable=False),  # its row may not be written yet: no foreign key
)
