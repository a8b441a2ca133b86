"""Tables of equipment."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from hotline.equipment.items import Kind, Way
from hotline.equipment.states import State
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

equipment_items = Table(
    "equipment_items",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", ForeignText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("way", Text, nullable=False),
    Column("host", ForeignText, nullable=False),
    Column("port", Integer, nullable=False),
    Column("path", ForeignText, nullable=False),
    Column("interval_seconds", Integer, nullable=False),
    Column("timeout_seconds", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("whom", ForeignText, nullable=False),
    Column("after_minutes", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("task_after_minutes", Integer),
    Column("maintained_since", Moment),
    Column("maintained_until", Moment),
    Column("maintained_for", ForeignText, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("removed_at", Moment),
    one_of("kind", Kind),
    one_of("way", Way),
    CheckConstraint(
        "(maintained_since IS NULL) = (maintained_until IS NULL) AND maintained_since < maintained_until",
        name="maintained",
    ),
)
# Each check of the hotline's own is in the register once; cameras are there each, by their number in `path`.
Index(
    "uq_equipment_items_built_in",
    equipment_items.c.kind,
    unique=True,
    sqlite_where=text("way = 'built-in' AND kind <> 'camera'"),
    postgresql_where=text("way = 'built-in' AND kind <> 'camera'"),
)

# The states of each item, as they began: one lasts until the next.
equipment_changes = Table(
    "equipment_changes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("item_id", KEY, ForeignKey("equipment_items.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("began_at", Moment, nullable=False),
    one_of("state", State),
)
Index("ix_equipment_changes_item_id", equipment_changes.c.item_id, equipment_changes.c.id)

# When the board looked: in between nothing is known.
equipment_watches = Table(
    "equipment_watches",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("began_at", Moment, nullable=False),
    Column("looked_at", Moment, nullable=False),
)

# The free bytes of the disk, a few times a day: by them it is told when it will be full.
equipment_measures = Table(
    "equipment_measures",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("free_bytes", BigInteger, nullable=False),
    Column("measured_at", Moment, nullable=False, index=True),
)
