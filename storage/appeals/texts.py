"""Appeals by their words: written when an appeal is, read by the search and by filtered lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import PLACE, Lemmas, SearchTerm, Terms, place_tokens, words
from storage.core.database import Database
from storage.tables import FTS, appeal_lemmas, appeal_texts

A_SECOND = 64
"""Places in the order of appeals that each second has."""
A_DAY = A_SECOND * 86_400
SHORTEST_BEGINNING, LONGEST_BEGINNING = 3, 8
"""Lengths of a word's beginning: FTS5 has an index for each of these, and is slow beyond."""
LOOKED_THROUGH = 5000
"""Of the newest appeals, before all that match are collected."""
MOST_TERMS = 8

_BASE = bindparam("place", type_=BigInteger)
_THERE, _BEHIND = (appeal_texts.alias(name) for name in ("there", "behind"))
_FREE = case(
    (
        exists().where(_THERE.c.id == _BASE),
        select(_THERE.c.id + 1)
        .where(_THERE.c.id >= _BASE, ~exists().where(_BEHIND.c.id == _THERE.c.id + 1))
        .order_by(_THERE.c.id)
        .limit(1)
        .scalar_subquery(),
    ),
    else_=_BASE,
)
"""The first place from there on that no other appeal has; who is entered late stands where they belong."""


def some_of_newest(*within: ColumnElement[bool], many: int = LOOKED_THROUGH) -> ColumnElement[int]:
    """Give the place before the newest `many` texts within these bounds."""
    newest = select(appeal_texts.c.id).where(*within).order_by(appeal_texts.c.id.desc())
    return func.coalesce(newest.offset(many).limit(1).scalar_subquery(), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealText:
    """The indexed text of an appeal; make it by `AppealTexts.of`, which needs no connection."""

    lemmas: str
    """Each word and each of its dictionary forms, one space between them."""


class AppealTexts:
    """The index of appeals by their words, the same on both databases."""

    def __init__(self, database: Database, lemmas: Lemmas) -> None:
        self._database = database
        self._lemmas = lemmas
        adding = database.insert(appeal_texts).values(id=_FREE)
        self._add = adding.on_conflict_do_update(
            index_elements=[appeal_texts.c.appeal], set_={"lemmas": adding.excluded.lemmas}
        )

    async def of(self, text: str, address: str) -> AppealText:
        """Make the indexed text. Call it before the transaction: it may read the dictionary."""
        said = words(f"{text} {address}")
        forms = await self._lemmas.of(said)
        return AppealText(lemmas=lemma_text(said, forms, address))

    async def add(self, connection: AsyncConnection, number: str, at: datetime, text: AppealText) -> None:
        """Write the appeal's words, or those that it has now, in a transaction that goes on."""
        await self.add_all(connection, [(number, at, text)])

    async def add_all(
        self, connection: AsyncConnection, appeals: Iterable[tuple[str, datetime, AppealText]]
    ) -> None:
        rows = [
            {"appeal": number, "place": place_of(at), "lemmas": text.lemmas} for number, at, text in appeals
        ]
        await connection.execute(self._add, rows)

    async def terms(self, text: str) -> Terms:
        """Parse a typed query; its last word may be only begun. None when it holds no searchable word."""
        said = words(text)[:MOST_TERMS]
        found = []
        for word, forms in zip(said, await self._lemmas.of(said), strict=True):
            begins = word == said[-1] and len(word) >= SHORTEST_BEGINNING
            begun = word[:LONGEST_BEGINNING] if begins else ""
            if forms or begun:
                found.append(SearchTerm(forms | {word}, begun))
        return found

    def matching(self, *alternatives: Terms) -> Select[tuple[int, str]]:
        """Select `id` and `appeal` (the number) of those that have all terms of one of the alternatives.

        For a list with filters, newest first, without sorting all that match:

            found = texts.matching(await texts.terms(text)).subquery()
            select(appeals).join(found, found.c.appeal == appeals.c.number).order_by(found.c.id.desc())

        An alternative must have a term; with none at all nothing matches. For the newest few alone `newest`
        is quicker on PostgreSQL.
        """
        wanted = [terms for terms in alternatives if terms]
        if self._database.shared:
            query = cast(_tsquery(wanted), TSQUERY)
            return select(appeal_texts.c.id, appeal_texts.c.appeal).where(
                appeal_texts.c.lemmas.op("@@")(query)
            )
        return (
            select(appeal_lemmas.c.rowid.label("id"), appeal_texts.c.appeal)
            .join(appeal_texts, appeal_texts.c.id == appeal_lemmas.c.rowid)
            .where(appeal_lemmas.c[FTS].op("MATCH")(cast(_fts5(wanted), Text)))
        )

    def holding(self, terms: Terms) -> ColumnElement[bool]:
        """Whether a text has all these terms, read without the index: for few texts."""
        if self._database.shared:
            return appeal_texts.c.lemmas.op("@@", is_comparison=True)(cast(_tsquery([terms]), TSQUERY))
        said = literal(" ") + appeal_texts.c.lemmas + literal(" ")

        def has(term: SearchTerm) -> ColumnElement[bool]:
            begun = [f" {term.beginning}"] if term.beginning else []
            return or_(
                *(
                    func.instr(said, one) > 0
                    for one in [*(f" {form} " for form in sorted(term.forms)), *begun]
                )
            )

        return and_(*map(has, terms))

    async def newest(
        self,
        connection: AsyncConnection,
        alternatives: Sequence[Terms],
        limit: int,
        *within: ColumnElement[bool],
    ) -> Sequence[str]:
        """Find the numbers of the newest appeals that match, in that order; of those at places `within`.

        PostgreSQL cannot know whether scanning the newest or collecting all matches is quicker: two common
        words may never occur together. So this scans some of the newest, then collects.
        """
        found = self.matching(*alternatives).where(*within)
        if self._database.shared:
            some = found.where(appeal_texts.c.id > some_of_newest(*within))
            recent = await _newest(connection, some, limit)
            if len(recent) == limit:
                return recent
            found = select(found.cte("found").prefix_with("MATERIALIZED"))
        return await _newest(connection, found, limit)


async def _newest(connection: AsyncConnection, found: Select[tuple[int, str]], limit: int) -> Sequence[str]:
    all_found = found.subquery()
    query = select(all_found.c.appeal).order_by(all_found.c.id.desc()).limit(limit)
    return (await connection.execute(query)).scalars().all()


def place_of(at: datetime) -> int:
    """Give the first place in the order of appeals of one that was registered at this moment."""
    return int(at.timestamp()) * A_SECOND


def lemma_text(said: Sequence[str], forms: Sequence[frozenset[str]], address: str) -> str:
    """Write the words, less those that only join others, with their dictionary forms and the place."""
    telling = [{word, *lemmas} for word, lemmas in zip(said, forms, strict=True) if lemmas]
    return " ".join(sorted({*place_tokens(address)}.union(*telling)))


def _fts5(alternatives: Sequence[Terms]) -> str:
    """Write the query for FTS5; words have no signs that mean anything there."""
    return _query(alternatives, "AND", "OR", '"{}"', '"{}" *')


def _tsquery(alternatives: Sequence[Terms]) -> str:
    return _query(alternatives, "&", "|", "'{}'", "'{}':*")


def _query(alternatives: Sequence[Terms], both: str, either: str, whole: str, begun: str) -> str:
    """Join the words by these operators and patterns; what nothing matches when there are none."""

    def any_of(term: SearchTerm) -> str:
        forms = [whole.format(form) for form in sorted(term.forms)]
        return f" {either} ".join([*forms, begun.format(term.beginning)] if term.beginning else forms)

    def all_of(terms: Terms) -> str:
        return f" {both} ".join(f"({any_of(term)})" for term in terms)

    return f" {either} ".join(f"({all_of(terms)})" for terms in alternatives) or whole.format(PLACE)
