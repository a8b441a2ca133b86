"""Tables of the calls that the hotline places by itself: attempts, and whom not to call."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.tables.columns import KEY, ForeignText, Moment, metadata

# The channel's id is the key. No foreign key leads to `calls`: the attempt is written down before the call.
call_attempts = Table(
    "call_attempts",
    metadata,
    Column("call_id", Text, primary_key=True),
    Column("errand", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("exempt", ForeignText, nullable=False),
    Column("claimed_at", Moment, nullable=False),
    Column("held_by", Text, nullable=False),
    Column("renewed_at", Moment, nullable=False),
    Column("dialled_at", Moment),
    Column("ended_at", Moment),
    Column("result", Text),
    Column("told_at", Moment),
)
_UNDER_WAY = call_attempts.c.ended_at.is_(None)
# Whatever workers do at once: of one errand, and to one number, there is one call.
Index(
    "uq_call_attempts_errand_under_way",
    call_attempts.c.errand,
    unique=True,
    sqlite_where=_UNDER_WAY,
    postgresql_where=_UNDER_WAY,
)
Index(
    "uq_call_attempts_number_under_way",
    call_attempts.c.number,
    unique=True,
    sqlite_where=_UNDER_WAY,
    postgresql_where=_UNDER_WAY,
)
_UNTOLD = call_attempts.c.told_at.is_(None)
Index(
    "ix_call_attempts_untold",
    call_attempts.c.renewed_at,
    sqlite_where=_UNTOLD,
    postgresql_where=_UNTOLD,
)
Index("ix_call_attempts_number", call_attempts.c.number, call_attempts.c.dialled_at)
Index("ix_call_attempts_errand", call_attempts.c.errand, call_attempts.c.claimed_at)

do_not_call = Table(
    "do_not_call",
    metadata,
    Column("number", Text, primary_key=True),
    Column("reason", ForeignText, nullable=False),
    Column("at", Moment, nullable=False),
    Column("call_id", Text),
    Column("user_id", KEY, ForeignKey("users.id")),
)
Index("ix_do_not_call_newest", do_not_call.c.at)
