"""The table of letters that the processes of one hotline write to one another (docs/decisions/0043)."""

from sqlalchemy import BigInteger, Column, Table, Text

from storage.tables.columns import KEY, Moment, metadata

process_letters = Table(
    "process_letters",
    metadata,
    Column("id", KEY, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("sender", Text, nullable=False),
    # Counts what this sender has written: what was written twice is read once.
    Column("place", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
)
