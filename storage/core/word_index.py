"""Texts found by their words, the same on both databases: PostgreSQL's `tsvector`, SQLite's FTS5.

A table of such texts has a key `id` that grows with the moment of the text, so that the newest come first
without sorting, and `lemmas`: each word and each of its dictionary forms, one space between them.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    Text,
    bindparam,
    case,
    cast,
    exists,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.sql.expression import TableClause

from hotline.city.search_terms import PLACE, Lemmas, SearchTerm, Terms, words

A_SECOND = 64
"""Places in the order of texts that each second has."""
A_DAY = A_SECOND * 86_400
SHORTEST_BEGINNING, LONGEST_BEGINNING = 3, 8
"""Lengths of a word's beginning: FTS5 has an index for each of these, and is slow beyond."""
MOST_TERMS = 8


def place_of(at: datetime) -> int:
    """Give the first place in the order of texts of one of this moment."""
    return int(at.timestamp()) * A_SECOND


@cache
def free_place(texts: Table) -> ColumnElement[int]:
    """Give the first place from the parameter `place` on that no other text has."""
    base = bindparam("place", type_=BigInteger)
    there, behind = texts.alias("there"), texts.alias("behind")
    further = (
        select(there.c.id + 1)
        .where(there.c.id >= base, ~exists().where(behind.c.id == there.c.id + 1))
        .order_by(there.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return case((exists().where(there.c.id == base), further), else_=base)


async def terms_of(lemmas: Lemmas, text: str) -> Terms:
    """Parse a typed query; its last word may be only begun. None when it holds no searchable word."""
    said = words(text)[:MOST_TERMS]
    found = []
    for word, forms in zip(said, await lemmas.of(said), strict=True):
        begins = word == said[-1] and len(word) >= SHORTEST_BEGINNING
        begun = word[:LONGEST_BEGINNING] if begins else ""
        if forms or begun:
            found.append(SearchTerm(forms | {word}, begun))
    return found


def by_tsquery(column: ColumnElement[str], alternatives: Sequence[Terms]) -> ColumnElement[bool]:
    """Match on PostgreSQL the texts that have all terms of one of the alternatives; with none, nothing."""
    query = _query(alternatives, "&", "|", "'{}'", "'{}':*")
    return column.op("@@", is_comparison=True)(cast(query, TSQUERY))


def by_fts5(index: TableClause, alternatives: Sequence[Terms]) -> ColumnElement[bool]:
    """Do the same on SQLite, whose index has a column of its own name. Words have no signs of FTS5."""
    query = _query(alternatives, "AND", "OR", '"{}"', '"{}" *')
    return index.c[index.name].op("MATCH")(cast(query, Text))


def by_reading(column: ColumnElement[str], term: SearchTerm) -> ColumnElement[bool]:
    """Match, without any index, the texts that have this term: for few texts."""
    said = literal(" ") + column + literal(" ")
    begun = [f" {term.beginning}"] if term.beginning else []
    looked_for = [*(f" {form} " for form in sorted(term.forms)), *begun]
    return or_(*(said.contains(one, autoescape=True) for one in looked_for))


def _query(alternatives: Sequence[Terms], both: str, either: str, whole: str, begun: str) -> str:
    """Join the words by these operators and patterns; what nothing matches when there are none."""

    def any_of(term: SearchTerm) -> str:
        forms = [whole.format(form) for form in sorted(term.forms)]
        return f" {either} ".join([*forms, begun.format(term.beginning)] if term.beginning else forms)

    def all_of(terms: Terms) -> str:
        return f" {both} ".join(f"({any_of(term)})" for term in terms)

    return f" {either} ".join(f"({all_of(terms)})" for terms in alternatives) or whole.format(PLACE)
