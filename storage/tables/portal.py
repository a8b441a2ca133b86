"""Tables of what residents reported by themselves."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from hotline.portal.public_texts import TextState
from hotline.portal.report import Source
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# A report is kept before its appeal is registered, so that one that was cut off goes on under its key.
resident_reports = Table(
    "resident_reports",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("source", Text, nullable=False),
    Column("key", ForeignText, nullable=False),
    Column("sender", ForeignText, nullable=False),
    Column("network", Text, nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("appeal", Text, ForeignKey("appeals.number"), unique=True),
    Column("channel", Text),
    Column("contact", ForeignText, nullable=False, server_default=""),
    Column("publish", Boolean, nullable=False, server_default=false()),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("confirmed_at", Moment),
    UniqueConstraint("source", "key", name="uq_resident_reports_key"),
    one_of("source", Source),
    CheckConstraint("(channel IS NULL) = (contact = '')", name="contact"),
    CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point"),
)
Index("ix_resident_reports_of_contact", resident_reports.c.contact, resident_reports.c.at)
Index("ix_resident_reports_of_sender", resident_reports.c.sender, resident_reports.c.at)

# The consent to publish the words of an appeal, and the wording that somebody of the centre has approved.
public_texts = Table(
    "public_texts",
    metadata,
    Column("number", Text, ForeignKey("appeals.number"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("agreed_at", Moment, nullable=False),
    Column("wording", ForeignText, nullable=False, server_default=""),
    Column("decided_by", KEY, ForeignKey("users.id")),
    Column("decided_at", Moment),
    one_of("state", TextState),
    CheckConstraint("(state = 'published') = (wording <> '')", name="wording"),
)
Index(
    "ix_public_texts_waiting",
    public_texts.c.agreed_at,
    sqlite_where=text("state = 'waiting'"),
    postgresql_where=text("state = 'waiting'"),
)

# Codes that were sent to confirm a contact.
resident_codes = Table(
    "resident_codes",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("contact", ForeignText, nullable=False),
    Column("language", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("asked_at", Moment, nullable=False, index=True),
    Column("confirmed_at", Moment),
)

# Browsers in which a resident confirmed their contact. The cookie holds a token, we only its SHA-256.
resident_sessions = Table(
    "resident_sessions",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("contact", ForeignText, nullable=False, index=True),
    Column("opened_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
