"""Searching: the words of appeals, telephone numbers by their last digits, people by their address.

Appeals that are there already get their words by `hotline reindex`: it takes a dictionary and some minutes.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from hotline.city.searching import place_tokens

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_CODE_POINTS = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
AT_ONCE = 1000
NUMBERS = (
    "SELECT number FROM citizen_numbers UNION SELECT number FROM calls WHERE number IS NOT NULL "
    "UNION SELECT applicant_number FROM appeals WHERE applicant_number IS NOT NULL"
)
FTS = """
CREATE VIRTUAL TABLE appeal_lemmas USING fts5(
    lemmas, content='appeal_texts', content_rowid='id', detail=none, prefix='3 4 5 6 7 8', tokenize='ascii'
)
---
CREATE TRIGGER appeal_texts_added AFTER INSERT ON appeal_texts BEGIN
    INSERT INTO appeal_lemmas (rowid, lemmas) VALUES (new.id, new.lemmas);
END
---
CREATE TRIGGER appeal_texts_gone AFTER DELETE ON appeal_texts BEGIN
    INSERT INTO appeal_lemmas (appeal_lemmas, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
END
---
CREATE TRIGGER appeal_texts_changed AFTER UPDATE ON appeal_texts BEGIN
    INSERT INTO appeal_lemmas (appeal_lemmas, rowid, lemmas) VALUES ('delete', old.id, old.lemmas);
    INSERT INTO appeal_lemmas (rowid, lemmas) VALUES (new.id, new.lemmas);
END
"""
"""The tokenizer `ascii` takes everything beyond ASCII for a letter, as we have divided the words already."""


def upgrade() -> None:
    _texts()
    _numbers()
    _one_letter()
    _places()


def _texts() -> None:
    op.create_table(
        "appeal_texts",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("appeal", sa.Text(), nullable=False),
        sa.Column("lemmas", sa.Text().with_variant(TSVECTOR(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_appeal_texts"),
        sa.UniqueConstraint("appeal", name="uq_appeal_texts_appeal"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in FTS.split("---"):
            op.execute(statement)
    else:
        op.create_index(
            "ix_appeal_texts_lemmas",
            "appeal_texts",
            ["lemmas"],
            unique=False,
            postgresql_using="gin",
            postgresql_with={"fastupdate": "off"},  # otherwise now and then a search waits for a clean-up
        )


def _numbers() -> None:
    table = op.create_table(
        "known_numbers",
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("backwards", IN_CODE_POINTS, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_known_numbers"),
    )
    op.create_index("ix_known_numbers_backwards", "known_numbers", ["backwards"], unique=False)
    known = op.get_bind().execute(sa.text(NUMBERS)).scalars().all()
    _insert(table, [{"number": number, "backwards": number[::-1]} for number in known])


def _one_letter() -> None:
    """`ґ` is compared as `г` from now on."""
    op.execute("UPDATE appeals SET address_key = replace(address_key, 'ґ', 'г') WHERE address_key LIKE '%ґ%'")
    op.execute(
        "UPDATE street_names SET normalised = replace(normalised, 'ґ', 'г') WHERE normalised LIKE '%ґ%'"
    )
    op.execute(
        "INSERT INTO citizen_words (word, citizen_id) SELECT replace(word, 'ґ', 'г'), citizen_id "
        "FROM citizen_words WHERE word LIKE '%ґ%' ON CONFLICT DO NOTHING"
    )
    op.execute("DELETE FROM citizen_words WHERE word LIKE '%ґ%'")


def _places() -> None:
    words = sa.table("citizen_words", sa.column("word", sa.Text), sa.column("citizen_id", KEY))
    known = op.get_bind().execute(sa.text("SELECT id, address FROM citizens")).all()
    _insert(
        words, [{"word": token, "citizen_id": row.id} for row in known for token in place_tokens(row.address)]
    )


def _insert(table: sa.TableClause, rows: Sequence[dict[str, object]]) -> None:
    left: Iterator[dict[str, object]] = iter(rows)
    while chunk := list(islice(left, AT_ONCE)):
        op.bulk_insert(table, chunk)
