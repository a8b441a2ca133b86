"""Tables of the city's cameras."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from hotline.cameras.camera import StreamKind
from storage.tables.columns import IN_ORDER, KEY, ForeignText, Moment, metadata, one_of

# One that was taken off the register stays, without its address: the watch log names it.
cameras = Table(
    "cameras",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", IN_ORDER, nullable=False),
    Column("place", ForeignText, nullable=False),
    Column("group", IN_ORDER, nullable=False),
    Column("kind", Text, nullable=False),
    Column("url", ForeignText, nullable=False),
    Column("user", ForeignText, nullable=False),
    Column("password", ForeignText, nullable=False),
    Column("source_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("changed_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("out_since", Moment),
    Column("out_because", ForeignText, nullable=False),
    Column("removed_at", Moment),
    one_of("kind", StreamKind),
    CheckConstraint("removed_at IS NULL OR url = ''", name="removed"),
)

# A row for a camera, a person and a time without a break; `until` is written anew each minute.
camera_watches = Table(
    "camera_watches",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("camera_id", KEY, ForeignKey("cameras.id"), nullable=False),
    Column("user_id", KEY, ForeignKey("users.id"), nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    CheckConstraint("since <= until", name="order"),
)
Index(
    "ix_camera_watches_going_on", camera_watches.c.camera_id, camera_watches.c.user_id, camera_watches.c.until
)

# Stills that were taken; with a number those that became evidence of an appeal, without a category further
# ones of an incident that was registered already.
camera_stills = Table(
    "camera_stills",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("camera_id", KEY, ForeignKey("cameras.id"), nullable=False),
    Column("camera", ForeignText, nullable=False),
    Column("place", ForeignText, nullable=False),
    Column("taken_at", Moment, nullable=False, index=True),
    Column("taken_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("number", Text, index=True),
    Column("category", Text, nullable=False),
)
