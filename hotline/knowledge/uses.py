"""Articles that were told to callers: noted with the call, in the version of then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.knowledge.articles import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedArticle:
    """An article as it was told in a call."""

    article: Article
    """In the version of then."""
    user_id: int
    at: datetime


class ArticleUses(Protocol):
    """The articles that were told, by call."""

    async def note(self, article: Article, call_id: str, user_id: int, at: datetime) -> None:
        """Note it; one article is told once in a call."""
        ...

    async def take_back(self, article_id: int, call_id: str) -> None:
        """Say that it was not told after all."""
        ...

    async def of_call(self, call_id: str) -> Sequence[UsedArticle]:
        """List what was told in a call, in its order."""
        ...

    async def questions(self, calls: Collection[str]) -> Mapping[str, Sequence[str]]:
        """Give the Ukrainian questions of what was told in each of these calls that has any."""
        ...
