"""Articles told in calls, on a database."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from attrs import define
from sqlalchemy import bindparam, delete, select

from hotline.knowledge.articles import Article
from hotline.knowledge.uses import UsedArticle
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import article_uses as table
from storage.tables import article_versions as versions

_THEN = (versions.c.id == table.c.article_id) & (versions.c.version == table.c.version)
_OF_CALL = (
    select(versions, table.c.user_id.label("told_by"), table.c.at.label("told_at"))
    .join(table, _THEN)
    .where(table.c.call_id == bindparam("call"))
    .order_by(table.c.at, table.c.article_id)
)
_QUESTIONS = (
    select(table.c.call_id, versions.c.uk)
    .join(versions, _THEN)
    .where(table.c.call_id.in_(bindparam("calls", expanding=True)))
    .order_by(table.c.at, table.c.article_id)
)


@define(eq=False, repr=False)
class StoredArticleUses:
    """`hotline.knowledge.uses.ArticleUses` on a database."""

    _database: Database

    async def note(self, article: Article, call_id: str, user_id: int, at: datetime) -> None:
        values = {"article_id": article.id, "version": article.version, "call_id": call_id}
        new = self._database.insert(table).values(**values, user_id=user_id, at=at)
        async with self._database.writing() as connection:
            await connection.execute(new.on_conflict_do_nothing())

    async def take_back(self, article_id: int, call_id: str) -> None:
        gone = delete(table).where(table.c.article_id == article_id, table.c.call_id == call_id)
        async with self._database.writing() as connection:
            await connection.execute(gone)

    async def of_call(self, call_id: str) -> Sequence[UsedArticle]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_OF_CALL, {"call": call_id})).mappings().all()
        return [
            UsedArticle(article=row_to(Article, row), user_id=row["told_by"], at=row["told_at"])
            for row in rows
        ]

    async def questions(self, calls: Collection[str]) -> Mapping[str, Sequence[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        async with self._database.reading() as connection:
            for row in (await connection.execute(_QUESTIONS, {"calls": list(calls)})).all():
                found[row.call_id].append(row.uk["question"])
        return found
