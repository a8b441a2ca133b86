"""The tables that only searching reads: appeals by their words, telephone numbers by their last digits."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, column, table
from sqlalchemy.dialects.postgresql import TSVECTOR

from storage.tables.columns import metadata

WRITTEN = "table_writes"
"""SQLite's count of the writes to some tables, kept by triggers; PostgreSQL's trigger and channel."""
FTS = "appeal_lemmas"
"""SQLite's full-text index (FTS5) over `appeal_texts`, kept by triggers; its own tables begin so too."""

# Neither has a foreign key: SQLite refuses to rebuild a table (as migrations do) that others refer to.
appeal_texts = Table(
    "appeal_texts",
    metadata,
    # Grows with the moment of registration: results with the newest first need no sorting.
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("appeal", Text, nullable=False, unique=True),
    # The same text for both: words in the normalised form, with one space between them.
    Column("lemmas", Text().with_variant(TSVECTOR, "postgresql"), nullable=False),
    Index(
        "ix_appeal_texts_lemmas", "lemmas", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ).ddl_if(dialect="postgresql"),
)
appeal_lemmas = table(FTS, column("rowid", BigInteger), column(FTS, Text))
SPOKEN_FTS = "transcript_lemmas"
"""The same over `transcripts`."""
transcript_lemmas = table(SPOKEN_FTS, column("rowid", BigInteger), column(SPOKEN_FTS, Text))

known_numbers = Table(
    "known_numbers",
    metadata,
    Column("number", Text, primary_key=True),
    # In the order of code points, so that the numbers with the same last digits lie side by side.
    Column("backwards", Text().with_variant(Text(collation="C"), "postgresql"), nullable=False, index=True),
)
