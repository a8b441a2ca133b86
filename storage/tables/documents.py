"""The table of a city's own documents."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, text

from hotline.documents.document import FIRST_OWN, DocumentKind
from storage.tables.columns import KEY, ForeignText, Moment, metadata, one_of

# Versions that came into force never change: appeals and citizens name them.
city_documents = Table(
    "city_documents",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", ForeignText, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("made_by", KEY, ForeignKey("users.id")),
    Column("note", ForeignText, nullable=False),
    Column("in_force_since", Moment),
    one_of("kind", DocumentKind),
    CheckConstraint("version > 0", name="version"),
)
_DRAFT = text(f"in_force_since IS NULL AND version >= {FIRST_OWN}")
Index(
    "uq_city_documents_draft",
    city_documents.c.kind,
    unique=True,
    sqlite_where=_DRAFT,
    postgresql_where=_DRAFT,
)
