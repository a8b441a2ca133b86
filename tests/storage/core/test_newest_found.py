"""The newest texts with some words: the same as by collecting all, however far apart they lie."""

from collections.abc import Collection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from hotline.city.search_terms import SearchTerm
from storage.core import newest_found as finding
from storage.core.newest_found import newest_found
from storage.core.word_index import by_tsquery
from storage.store import Storage
from storage.tables import appeal_texts
from tests.effort import effort

WORD = [SearchTerm(frozenset({"труба"}))]
on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
HAVING_IT = select(appeal_texts.c.id, appeal_texts.c.appeal).where(by_tsquery(appeal_texts.c.lemmas, [WORD]))


async def put(storage: Storage, places: Collection[int], with_it: Collection[int]) -> None:
    """Have texts at these places, some of them with the word."""
    rows = [{"id": at, "appeal": str(at), "lemmas": "труба" if at in with_it else "дах"} for at in places]
    async with storage.database.writing() as connection:
        await connection.execute(delete(appeal_texts))
        await connection.execute(insert(appeal_texts), rows)


@on_postgresql
@settings(
    max_examples=effort(day=15, night=200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    places=st.sets(st.integers(1, 400), min_size=1, max_size=120),
    every=st.integers(1, 40),
    limit=st.integers(1, 12),
    first=st.integers(1, 12),
    most=st.integers(1, 200),
    below=st.none() | st.integers(1, 400),
)
async def test_they_are_those_that_collecting_all_gives(  # noqa: PLR0917 - what hypothesis draws
    storage: Storage, places: set[int], every: int, limit: int, first: int, most: int, below: int | None
) -> None:
    with_it = set(sorted(places)[::every])
    await put(storage, places, with_it)
    within = [] if below is None else [appeal_texts.c.id < below]
    kept = finding.MOST
    finding.MOST = most
    try:
        async with storage.database.reading_planned() as connection:
            rows = await newest_found(connection, appeal_texts, HAVING_IT, limit, *within, first=first)
    finally:
        finding.MOST = kept
    wanted = sorted((at for at in with_it if below is None or at < below), reverse=True)[:limit]
    assert [(row.id, row.appeal) for row in rows] == [(at, str(at)) for at in wanted]


@on_postgresql
async def test_in_an_empty_table_there_is_nothing(storage: Storage) -> None:
    async with storage.database.reading_planned() as connection:
        assert await newest_found(connection, appeal_texts, HAVING_IT, 3) == []
