"""Tables of the calls that the hotline places by itself: attempts, whom not to call, campaigns."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

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

campaigns = Table(
    "campaigns",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("name", ForeignText, nullable=False),
    Column("kind", Text, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("says", ForeignText, nullable=False),
    Column("phrase", Text, nullable=False, server_default=""),
    Column("most", Integer, nullable=False),
    Column("per_minute", Integer, nullable=False),
    Column("exempt", ForeignText, nullable=False),
    Column("pauses", JSON, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("user_id", KEY, ForeignKey("users.id")),
)

campaign_people = Table(
    "campaign_people",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("campaign_id", KEY, ForeignKey("campaigns.id"), nullable=False),
    Column("number", Text, nullable=False),
    Column("about", ForeignText, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("called_at", Moment),
    # What `called_at` is again when nobody was called after all.
    Column("called_before", Moment),
    Column("result", Text),
    Column("call_id", Text),
    UniqueConstraint("campaign_id", "number", name="uq_campaign_people_campaign_id_number"),
)
Index(
    "ix_campaign_people_due",
    campaign_people.c.campaign_id,
    campaign_people.c.due_at,
    sqlite_where=text("state = 'due'"),
    postgresql_where=text("state = 'due'"),
)
Index(
    "ix_campaign_people_claimed",
    campaign_people.c.changed_at,
    sqlite_where=text("state = 'claimed'"),
    postgresql_where=text("state = 'claimed'"),
)
Index(
    "ix_campaign_people_unended",
    campaign_people.c.campaign_id,
    campaign_people.c.state,
    sqlite_where=text("state IN ('due', 'claimed')"),
    postgresql_where=text("state IN ('due', 'claimed')"),
)
Index("ix_campaign_people_called", campaign_people.c.campaign_id, campaign_people.c.called_at)
