"""Tables of the line: dispatchers, their presence, places, talks."""

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, text

from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.tables.columns import KEY, Moment, dispatcher_key, metadata, one_of

dispatchers = Table(
    "dispatchers",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("extension", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("presence", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("misses", Integer, nullable=False),
    Column("wrap_up_until", Moment),
    # The wish of an engaged dispatcher.
    Column("wish", Text),
    Column("wish_reason", Text),
    one_of("presence", Presence),
    CheckConstraint("(presence = 'after-call') = (wrap_up_until IS NOT NULL)", name="wrap_up"),
    CheckConstraint(
        "(wish IS NULL AND wish_reason IS NULL) OR (wish IN ('paused', 'away')"
        " AND wish_reason IS NOT NULL AND presence IN ('offered', 'talking'))",
        name="wish",
    ),
)

dispatcher_skills = Table(
    "dispatcher_skills",
    metadata,
    dispatcher_key("dispatcher_id", primary_key=True),
    Column("skill", Text, primary_key=True),
)

# Appended to and never changed: who was present when is evidence.
presence_history = Table(
    "presence_history",
    metadata,
    Column("id", KEY, primary_key=True),
    dispatcher_key("dispatcher_id", nullable=False),
    Column("presence", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("ix_dispatchers_presence", dispatchers.c.presence)
Index("ix_presence_history_of_dispatcher", presence_history.c.dispatcher_id, presence_history.c.at)

queue_entries = Table(
    "queue_entries",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("priority", Integer, nullable=False),
    Column("entered_at", Moment, nullable=False),
    Column("state", Text, nullable=False),
    Column("skill", Text),
    # A second one beside it: of those who have the first, who has this as well is preferred.
    Column("topic", Text),
    # Until then only those who have the skill, or both, are offered the caller.
    Column("anybody_from", Moment),
    dispatcher_key("wanted_dispatcher_id"),
    dispatcher_key("dispatcher_id"),
    Column("offers", Integer, nullable=False),
    Column("left_at", Moment),
    # Kept for somebody who is called on this number when it is their turn, and not before this moment.
    Column("callback_to", Text),
    Column("not_before", Moment),
    # How often they were called back in vain; offers in which nobody was rung are not among them.
    Column("rung", Integer, nullable=False, server_default="0"),
    # When it was found that a fault of ours had ended their call: they are called at once, and press no key.
    Column("cut_at", Moment),
    # Which node looks after a kept place in the stead of the call's own, which is gone.
    Column("node", Text),
    one_of("state", QueueEntryState),
    CheckConstraint("(state = 'left') = (left_at IS NOT NULL)", name="left"),
    CheckConstraint("state <> 'waiting' OR dispatcher_id IS NULL", name="waiting"),
    CheckConstraint("state <> 'offered' OR dispatcher_id IS NOT NULL", name="offered"),
    CheckConstraint("state <> 'talking' OR callback_to IS NULL", name="kept"),
    CheckConstraint("anybody_from IS NULL OR (skill IS NOT NULL AND priority < 20)", name="anybody"),
)
Index(
    "ix_queue_entries_kept",
    queue_entries.c.callback_to,
    queue_entries.c.entered_at,
    sqlite_where=text("callback_to IS NOT NULL"),
    postgresql_where=text("callback_to IS NOT NULL"),
)
Index(
    "ix_queue_entries_in_line",
    queue_entries.c.state,
    queue_entries.c.priority,
    queue_entries.c.entered_at,
    sqlite_where=text("state <> 'left'"),
    postgresql_where=text("state <> 'left'"),
)
Index(
    "ix_queue_entries_waiting",
    queue_entries.c.priority.desc(),
    queue_entries.c.entered_at,
    queue_entries.c.call_id,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)
Index(
    "ix_queue_entries_of_dispatcher",
    queue_entries.c.dispatcher_id,
    sqlite_where=text("state <> 'left'"),
    postgresql_where=text("state <> 'left'"),
)

talks = Table(
    "talks",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("call_id", Text, nullable=False, index=True),
    dispatcher_key("dispatcher_id", nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, index=True),
)
Index("ix_talks_of_dispatcher", talks.c.dispatcher_id, talks.c.started_at)
Index(
    "ix_talks_open",
    talks.c.dispatcher_id,
    sqlite_where=text("ended_at IS NULL"),
    postgresql_where=text("ended_at IS NULL"),
)
