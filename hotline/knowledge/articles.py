"""Articles: a question of city life with its answer and steps, in both languages and in versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.calls.skills import Skill
from hotline.city.search_terms import Lemmas, words, words_with_forms
from hotline.voice.speech import Language

LONGEST_QUESTION = 200
LONGEST_ANSWER = 1500
LONGEST_STEP = 300
MOST_STEPS = 20
LONGEST_SAID_AS = 500
LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """An article in one language; one without a question is not written in it."""

    question: str = ""
    answer: str = ""
    """Said first: it can be read aloud as it stands."""
    steps: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.question)

    @property
    def text(self) -> str:
        return "\n".join((self.answer, *self.steps))


NOT_WRITTEN = Wording()


class Standing(StrEnum):
    """How far an article can be relied on."""

    HOLDS = "holds"
    REVIEW_DUE = "review-due"
    """It holds; its owner has to look whether it is still so."""
    EXPIRED = "expired"
    """Its last day is over: it is neither proposed nor public."""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The texts of a version of an article, its topics, owner, days and readers."""

    uk: Wording
    en: Wording = NOT_WRITTEN
    said_as: str = ""
    """Other words by which people ask."""
    categories: tuple[str, ...] = ()
    """Codes of the classifier."""
    topics: tuple[Skill, ...] = ()
    """What callers choose by key."""
    owner_id: int
    """The user who answers for it, its owner."""
    valid_until: date | None = None
    """Its last day; None: until it is changed."""
    review_on: date
    public: bool = False
    """Everybody may read it."""
    spoken: bool = False
    """Callers are offered it by telephone; it is public as well."""
    withdrawn: bool = False

    def standing(self, today: date) -> Standing:
        if self.withdrawn:
            return Standing.WITHDRAWN
        if self.valid_until is not None and self.valid_until < today:
            return Standing.EXPIRED
        return Standing.REVIEW_DUE if self.review_on <= today else Standing.HOLDS

    def holds(self, today: date) -> bool:
        """Whether it may be told to anybody."""
        return self.standing(today) in {Standing.HOLDS, Standing.REVIEW_DUE}

    def waits(self, today: date) -> bool:
        """Whether it is work for its owner."""
        return self.standing(today) in {Standing.REVIEW_DUE, Standing.EXPIRED}

    def wording(self, language: str) -> Wording:
        """Give it in this language; in Ukrainian where it is not written in it."""
        return self.en if language == Language.ENGLISH and self.en else self.uk

    def may_change(self, user: User) -> bool:
        """Its owner changes it, and a user who manages all articles."""
        own = user.id == self.owner_id and user.may(Permission.WRITE_KNOWLEDGE)
        return own or user.may(Permission.MANAGE_KNOWLEDGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(Content):
    """One version of an article: who wrote it, when, and in their words what is new."""

    id: int
    version: int
    at: datetime
    user_id: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexedArticle:
    """An article with the dictionary forms of its words."""

    article: Article
    asks: frozenset[str] = field(default_factory=frozenset)
    """Of its question, in both languages, and of `said_as`."""
    says: frozenset[str] = field(default_factory=frozenset)
    """Of its answer and steps."""


async def words_of(content: Content, lemmas: Lemmas) -> tuple[frozenset[str], frozenset[str]]:
    """Give the words of an article for `IndexedArticle`."""
    asks = words(f"{content.uk.question} {content.en.question} {content.said_as}")
    says = words(f"{content.uk.text} {content.en.text}")
    return frozenset(await words_with_forms(lemmas, asks)), frozenset(await words_with_forms(lemmas, says))


class Articles(Protocol):
    """All articles. Versions are added and never changed."""

    async def all(self) -> Sequence[IndexedArticle]:
        """List the present version of each, the one changed last first."""
        ...

    async def get(self, article_id: int, version: int | None = None) -> Article:
        """Read a version, the present one by default. Raises NotFound."""
        ...

    async def versions(self, article_id: int) -> Sequence[Article]:
        """List all versions, the latest first."""
        ...

    async def add(
        self, content: Content, user_id: int, at: datetime, *, note: str = "", answers: int | None = None
    ) -> Article:
        """Add an article; `answers` is the question without an answer that it is written for.

        Raises ForbiddenTransition where that has been answered meanwhile.
        """
        ...

    async def change(
        self, article_id: int, seen: int, content: Content, user_id: int, at: datetime, *, note: str = ""
    ) -> Article:
        """Add a version behind the one that was `seen`. Raises Outdated where there is a later one."""
        ...
