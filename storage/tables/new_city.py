"""The table of the set-up of a new city."""

from sqlalchemy import JSON, CheckConstraint, Column, Integer, Table, Text

from storage.tables.columns import Moment, metadata

# One row at most: a hotline is of one city, and is set up once.
city_setup = Table(
    "city_setup",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("code_hash", Text),
    Column("session_hash", Text),
    Column("done", JSON, nullable=False),
    Column("begun_at", Moment),
    Column("finished_at", Moment),
    CheckConstraint("id = 1", name="one"),
)
