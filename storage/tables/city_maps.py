"""The table of the city's own map."""

from sqlalchemy import JSON, Column, Table

from storage.tables.columns import KEY, ForeignText, Moment, metadata

# Appended to and never changed: the newest is shown.
city_maps = Table(
    "city_maps",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("source", ForeignText, nullable=False),
    Column("shapes", JSON, nullable=False),
)
