"""The tables of agreements with other cities, and of appeals taken for them."""

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Table, Text, false, text

from hotline.neighbours.agreement import Part
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

neighbour_agreements = Table(
    "neighbour_agreements",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("part", Text, nullable=False),
    Column("name", ForeignText, nullable=False),
    Column("document", ForeignText, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("hours_since", Text, nullable=False),
    Column("hours_until", Text, nullable=False),
    Column("shared", JSON, nullable=False),
    Column("number", Text, nullable=False, server_default=""),
    Column("address", ForeignText, nullable=False, server_default=""),
    Column("duty_number", Text, nullable=False, server_default=""),
    Column("token_id", KEY, ForeignKey("api_tokens.id")),
    # The key to the other city's hotline, and what was read there last; both end with the agreement.
    Column("secret", Text, nullable=False, server_default=""),
    Column("copy", ForeignText, nullable=False, server_default=""),
    Column("copied_at", Moment),
    Column("failing_since", Moment),
    Column("fault", ForeignText, nullable=False, server_default=""),
    Column("made_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("ended_by", KEY, ForeignKey("users.id")),
    Column("ended_why", ForeignText, nullable=False, server_default=""),
    one_of("part", Part),
    CheckConstraint("(part = 'answers') = (number <> '')", name="number"),
    CheckConstraint("(part = 'answered') = (token_id IS NOT NULL)", name="token"),
    CheckConstraint("ended_at IS NULL OR (secret = '' AND copy = '')", name="ended"),
)
Index(
    "uq_neighbour_agreements_number",
    neighbour_agreements.c.number,
    unique=True,
    sqlite_where=text("number <> '' AND ended_at IS NULL"),
    postgresql_where=text("number <> '' AND ended_at IS NULL"),
)
Index("ix_neighbour_agreements_token", neighbour_agreements.c.token_id)

neighbour_appeals = Table(
    "neighbour_appeals",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("agreement_id", KEY, ForeignKey("neighbour_agreements.id"), nullable=False),
    Column("call_id", Text),
    Column("key", Text, nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("taken_by", KEY, ForeignKey("users.id"), nullable=False),
    Column("urgent", Boolean, nullable=False, server_default=false()),
    Column("category", ForeignText, nullable=False),
    # What was said, until the other city has it.
    Column("body", ForeignText, nullable=False, server_default=""),
    Column("number", ForeignText, nullable=False, server_default=""),
    Column("follow_code", ForeignText, nullable=False, server_default=""),
    Column("handed_at", Moment),
    Column("otherwise", ForeignText, nullable=False, server_default=""),
    Column("otherwise_by", KEY, ForeignKey("users.id")),
    Column("fault", ForeignText, nullable=False, server_default=""),
    CheckConstraint("handed_at IS NULL OR body = ''", name="forgotten"),
    CheckConstraint("handed_at IS NULL OR number <> '' OR otherwise <> ''", name="handed"),
)
Index("uq_neighbour_appeals_key", neighbour_appeals.c.key, unique=True)
Index("ix_neighbour_appeals_agreement", neighbour_appeals.c.agreement_id, neighbour_appeals.c.id)
Index(
    "ix_neighbour_appeals_open",
    neighbour_appeals.c.taken_at,
    sqlite_where=text("handed_at IS NULL"),
    postgresql_where=text("handed_at IS NULL"),
)
Index("ix_neighbour_appeals_call", neighbour_appeals.c.call_id)
