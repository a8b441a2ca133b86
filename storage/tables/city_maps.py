"""Tables of the city's own map."""

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

# At most one row: what was brought in and is looked at before it is shown.
city_map_drafts = Table(
    "city_map_drafts",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("made_at", Moment, nullable=False),
    Column("source", ForeignText, nullable=False),
    Column("shapes", JSON, nullable=False),
    sqlite_autoincrement=True,  # the number of a draft that is gone is never another's
)
