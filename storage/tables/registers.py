"""Tables of what surrounds the register of appeals: its series of indices, kept filters, houses, imports."""

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from hotline.intake.import_states import Stage
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

appeal_series = Table(
    "appeal_series",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("series", Text, primary_key=True),
    Column("last", Integer, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("list", Text, nullable=False, server_default="appeals"),  # whose filters they are
    Column("name", ForeignText, nullable=False),
    Column("query", ForeignText, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("user_id", "list", "name", name="uq_saved_views_user_id_list_name"),
)

houses = Table(
    "houses",
    metadata,
    Column("street", ForeignText, primary_key=True),  # the present name, as in street_names
    Column("house", ForeignText, primary_key=True),
    Column("quarter", ForeignText, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", ForeignText, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
    Column("state", Text, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("ended_at", Moment),
    one_of("state", Stage),
    CheckConstraint("(state = 'done') = (ended_at IS NOT NULL)", name="ended"),
)
