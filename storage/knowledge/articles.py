"""Articles on a database, each with all its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.city.search_terms import Lemmas
from hotline.errors import NotFound, Outdated
from hotline.knowledge.articles import Article, Content, IndexedArticle, words_of
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.core.rows import row_to
from storage.knowledge.missing import answered_by
from storage.tables import article_versions as table
from storage.tables import articles

_PRESENT = select(table).join(
    articles, (articles.c.id == table.c.id) & (articles.c.version == table.c.version)
)
_ALL = _PRESENT.order_by(table.c.at.desc(), table.c.id.desc())
_ONE = _PRESENT.where(table.c.id == bindparam("this"))
_VERSIONS = select(table).where(table.c.id == bindparam("this")).order_by(table.c.version.desc())
_VERSION = _VERSIONS.where(table.c.version == bindparam("version"))
_STAMP = select(func.count(), func.coalesce(func.sum(articles.c.version), 0)).select_from(articles)
"""It grows with each version of any article."""


class StoredArticles:
    """`hotline.knowledge.articles.Articles` on a database; they are few, and kept in memory as read last."""

    def __init__(self, database: Database, lemmas: Lemmas) -> None:
        self._database = database
        self._lemmas = lemmas
        self._read: tuple[tuple[int, int], Sequence[IndexedArticle]] = ((0, 0), ())
        self._every: Fresh[Sequence[IndexedArticle]] = Fresh(
            self._read_all, writes=database.writes, of=[articles, table]
        )

    async def all(self) -> Sequence[IndexedArticle]:
        return await self._every.get()

    async def renew(self) -> None:
        """Read them again when anything was written, so that no caller waits for it."""
        await self._every.renew()

    async def _read_all(self) -> Sequence[IndexedArticle]:
        async with self._database.reading() as connection:
            count, versions = (await connection.execute(_STAMP)).one()
            if self._read[0] != (count, versions):
                rows = (await connection.execute(_ALL)).mappings().all()
                self._read = ((count, versions), [_indexed(row) for row in rows])
        return self._read[1]

    async def get(self, article_id: int, version: int | None = None) -> Article:
        async with self._database.reading() as connection:
            return await _read(connection, article_id, version)

    async def versions(self, article_id: int) -> Sequence[Article]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_VERSIONS, {"this": article_id})).mappings().all()
        return [row_to(Article, row) for row in rows]

    async def add(
        self, content: Content, user_id: int, at: datetime, *, note: str = "", answers: int | None = None
    ) -> Article:
        written = await self._values(content, user_id, at, note)
        async with self._every.changing(), self._database.writing() as connection:
            new = insert(articles).values(version=1).returning(articles.c.id)
            made = (await connection.execute(new)).scalar_one()
            await connection.execute(insert(table), {**written, "id": made, "version": 1})
            if answers is not None:
                await answered_by(connection, answers, made, user_id, at)
            return await _read(connection, made)

    async def change(
        self, article_id: int, seen: int, content: Content, user_id: int, at: datetime, *, note: str = ""
    ) -> Article:
        written = await self._values(content, user_id, at, note)
        own = articles.c.id == article_id
        step = update(articles).where(own, articles.c.version == seen).values(version=seen + 1)
        async with self._every.changing(), self._database.writing() as connection:
            if not (await connection.execute(step)).rowcount:
                await _read(connection, article_id)
                raise Outdated(f"Article {article_id} has a later version than {seen}.")
            await connection.execute(insert(table), {**written, "id": article_id, "version": seen + 1})
            return await _read(connection, article_id)

    async def _values(self, content: Content, user_id: int, at: datetime, note: str) -> Mapping[str, Any]:
        """Give the columns of a version; its words are looked up before any transaction begins."""
        asks, says = await words_of(content, self._lemmas)
        given = {one.name: getattr(content, one.name) for one in fields(Content)}
        return {
            **given,
            "uk": asdict(content.uk),
            "en": asdict(content.en),
            "at": at,
            "user_id": user_id,
            "note": note,
            "asks": " ".join(sorted(asks)),
            "says": " ".join(sorted(says)),
        }


def _indexed(row: RowMapping) -> IndexedArticle:
    return IndexedArticle(
        article=row_to(Article, row),
        asks=frozenset(row["asks"].split()),
        says=frozenset(row["says"].split()),
    )


async def _read(connection: AsyncConnection, article_id: int, version: int | None = None) -> Article:
    asked = _ONE if version is None else _VERSION
    found = await connection.execute(asked, {"this": article_id, "version": version})
    row = found.mappings().first()
    if row is None:
        raise NotFound(f"There is no article {article_id}, or not in version {version}.")
    return row_to(Article, row)
