"""Appeals by their words: written when an appeal is, read by the search and by filtered lists."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import Lemmas, Terms, place_tokens, with_forms, words
from storage.core.database import Database, Into
from storage.core.newest_found import newest_found
from storage.core.word_index import (
    by_fts5,
    by_reading,
    by_tsquery,
    free_place,
    place_of,
    terms_of,
)
from storage.tables import appeal_lemmas, appeal_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealText:
    """The indexed text of an appeal; make it by `AppealTexts.of`, which needs no connection."""

    lemmas: str
    """Each word and each of its dictionary forms, one space between them."""


@cache
def _adding(into: Into) -> Any:
    adding = into(appeal_texts).values(id=free_place(appeal_texts))
    return adding.on_conflict_do_update(
        index_elements=[appeal_texts.c.appeal], set_={"lemmas": adding.excluded.lemmas}
    )


class AppealTexts:
    """The index of appeals by their words, the same on both databases."""

    def __init__(self, database: Database, lemmas: Lemmas) -> None:
        self._database = database
        self._lemmas = lemmas
        self._add = _adding(database.insert)

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
        return await terms_of(self._lemmas, text)

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
            return select(appeal_texts.c.id, appeal_texts.c.appeal).where(
                by_tsquery(appeal_texts.c.lemmas, wanted)
            )
        return (
            select(appeal_lemmas.c.rowid.label("id"), appeal_texts.c.appeal)
            .join(appeal_texts, appeal_texts.c.id == appeal_lemmas.c.rowid)
            .where(by_fts5(appeal_lemmas, wanted))
        )

    def holding(self, terms: Terms) -> ColumnElement[bool]:
        """Whether a text has all these terms, read without the index: for few texts."""
        if self._database.shared:
            return by_tsquery(appeal_texts.c.lemmas, [terms])
        return and_(*(by_reading(appeal_texts.c.lemmas, term) for term in terms))

    async def newest(
        self,
        connection: AsyncConnection,
        alternatives: Sequence[Terms],
        limit: int,
        *within: ColumnElement[bool],
    ) -> Sequence[str]:
        """Find the numbers of the newest appeals that match, in that order; of those at places `within`."""
        found = self.matching(*alternatives)
        if self._database.shared:
            rows = await newest_found(connection, appeal_texts, found, limit, *within)
            return [row.appeal for row in rows]
        all_found = found.where(*within).subquery()
        query = select(all_found.c.appeal).order_by(all_found.c.id.desc()).limit(limit)
        return (await connection.execute(query)).scalars().all()


def lemma_text(said: Sequence[str], forms: Sequence[frozenset[str]], address: str) -> str:
    """Write the words, less those that only join others, with their dictionary forms and the place."""
    return " ".join(sorted({*place_tokens(address), *with_forms(said, forms)}))
