"""Words of the newest appeals, counted in memory from the search's index: proposals wait for no database."""

import re
from collections.abc import Sequence

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, select

from hotline.appeals.proposing import MOST_WORDS, PastWords, Proposal, Word, likely
from hotline.city.category_search import CategorySearch
from hotline.city.search_terms import Lemmas, words
from storage.core.database import Database
from storage.tables import appeal_texts, appeals

NEWEST = 10_000
"""Appeals that are learnt from: what is reported changes with the season."""
_AT_ONCE = 500
_TELLING = re.compile(r"[^\W\d_]{3,}")
"""Neither a number nor the token of a place."""
_BEFORE = bindparam("before", type_=BigInteger)


class StoredProposals:
    """`hotline.appeals.proposing.Proposals`. Before the first `renew` it knows the classifier alone."""

    def __init__(self, database: Database, lemmas: Lemmas) -> None:
        self._database = database
        self._lemmas = lemmas
        self._classified = CategorySearch(lemmas)
        self._past = PastWords()
        said: ColumnElement[str] = appeal_texts.c.lemmas
        if database.shared:
            said = func.array_to_string(func.tsvector_to_array(said), " ").label("lemmas")
        self._page = (
            select(appeal_texts.c.id, said, appeals.c.category, appeals.c.urgency)
            .join(appeals, appeals.c.number == appeal_texts.c.appeal)
            .where(appeal_texts.c.id < _BEFORE)
            .order_by(appeal_texts.c.id.desc())
            .limit(_AT_ONCE)
        )

    async def of(self, text: str) -> Sequence[Proposal]:
        return likely(self._past, await telling(self._lemmas, text), await self._classified.words())

    async def renew(self) -> None:
        """Count anew, by pages: nobody else waits long, and a corrected category counts as it is now."""
        past, before = PastWords(), 2**62
        for _ in range(NEWEST // _AT_ONCE):
            async with self._database.reading() as connection:
                rows = (await connection.execute(self._page, {"before": before})).all()
            for row in rows:
                past.learn(filter(_TELLING.fullmatch, row.lemmas.split()), row.category, row.urgency)
            if len(rows) < _AT_ONCE:
                break
            before = rows[-1].id
        self._past = past


async def telling(lemmas: Lemmas, text: str) -> Sequence[Word]:
    """Give the words that may tell a category, each with its dictionary forms."""
    said = [word for word in words(text) if _TELLING.fullmatch(word)][:MOST_WORDS]
    forms = await lemmas.of(said)
    return [one | {word} for word, one in zip(said, forms, strict=True) if one]
