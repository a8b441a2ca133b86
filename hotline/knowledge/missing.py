"""Questions that no article answers: noted by a dispatcher, work for the owner of the topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.classifier import classifier
from hotline.knowledge.articles import IndexedArticle
from hotline.knowledge.missing_states import MissingState

LONGEST_MISSING = 300
LONGEST_DISMISSAL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingAnswer:
    """A question as a citizen asked it. It ends with the call in which it was noted."""

    id: int
    at: datetime
    user_id: int
    """Who noted it."""
    call_id: str | None
    question: str
    category: str
    """Empty where none was chosen."""
    owner_id: int | None
    """Who is to answer it; None: a user who manages all articles."""
    state: MissingState
    article_id: int | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None
    reason: str = ""
    read_at: datetime | None = None

    def waits_for(self, user: User) -> bool:
        """Whether it is this user's work."""
        if self.owner_id is None:
            return user.may(Permission.MANAGE_KNOWLEDGE)
        return self.owner_id == user.id

    def may_close(self, user: User) -> bool:
        """Its owner closes it, and a user who manages all articles."""
        return user.may(Permission.MANAGE_KNOWLEDGE) or (
            user.may(Permission.WRITE_KNOWLEDGE) and self.waits_for(user)
        )


def owner_of(category: str, articles: Sequence[IndexedArticle]) -> int | None:
    """Say who answers for a topic: whose article on this category was changed last, else on its section."""
    if not category:
        return None
    present = [one.article for one in articles if not one.article.withdrawn]
    of_category = [one for one in present if category in one.categories]
    section_of = classifier().section_of
    section = section_of(category)
    of_section = [one for one in present if section and section in map(section_of, one.categories)]
    latest = max(of_category or of_section, key=lambda one: one.at, default=None)
    return latest.owner_id if latest else None


class MissingAnswers(Protocol):
    """The questions that were noted."""

    async def note(
        self,
        question: str,
        user_id: int,
        at: datetime,
        *,
        call_id: str | None,
        category: str,
        owner_id: int | None,
    ) -> MissingAnswer:
        """Note one; the same words in the same call are one question."""
        ...

    async def get(self, missing_id: int) -> MissingAnswer:
        """Raises NotFound."""
        ...

    async def open(self, most: int) -> Sequence[MissingAnswer]:
        """List those without an answer, the oldest first."""
        ...

    async def noted_by(self, user_id: int, most: int, *, unread: bool = False) -> Sequence[MissingAnswer]:
        """List what this user noted, the latest first; `unread`: what was closed and not seen yet."""
        ...

    async def pass_on(self, missing_id: int, owner_id: int | None) -> None:
        """Have another answer for it. Raises ForbiddenTransition for one that is closed, as the next two."""
        ...

    async def answer(self, missing_id: int, article_id: int, user_id: int, at: datetime) -> None: ...

    async def dismiss(self, missing_id: int, reason: str, user_id: int, at: datetime) -> None: ...

    async def read(self, missing_id: int, at: datetime) -> None:
        """Mark what came of it as seen."""
        ...
