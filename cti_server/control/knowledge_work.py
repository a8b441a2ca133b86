"""Work of the knowledge base on the list of what waits: questions to answer, own articles, answers found."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from aiohttp import web
from attrs import field, frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import ANSWERS, ARTICLES, MISSING, TodoQuery
from cti_server.keys import ACCOUNTS, USER
from cti_server.knowledge.sources import KNOWLEDGE, KnowledgeSources
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.search_terms import saying
from hotline.knowledge.articles import Article
from hotline.knowledge.missing import MissingAnswer

KNOWLEDGE_PARTS = frozenset({MISSING, ARTICLES, ANSWERS})
MOST_ROWS = 50
MOST_READ = 500
"""Open questions that are looked through for those of one user."""


@frozen(kw_only=True)
class KnowledgeWork:
    """Articles and questions that wait for this user, as far as they are shown; `names` are users by id."""

    missing: Sequence[MissingAnswer] = ()
    articles: Sequence[Article] = ()
    answers: Sequence[MissingAnswer] = ()
    names: Mapping[int, str] = field(factory=dict)
    today: date = date.min

    def __bool__(self) -> bool:
        return bool(self.missing or self.articles or self.answers)


async def knowledge_work(request: web.Request, query: TodoQuery) -> KnowledgeWork:
    """Read what waits for this user."""
    if KNOWLEDGE not in request.app or not request[USER].may(Permission.WRITE_KNOWLEDGE):
        return KnowledgeWork()
    sources, user = request.app[KNOWLEDGE], request[USER]
    missing = await _missing(sources, user) if query.shows(MISSING) else ()
    articles = await _articles(sources, user) if query.shows(ARTICLES) else ()
    answers = await _answers(sources, user) if query.shows(ANSWERS) else ()
    said = partial(saying, typed=query.typed, lemmas=request.app[CONTROL].lemmas)
    return KnowledgeWork(
        missing=await said(missing, lambda one: one.question),
        articles=await said(articles, lambda one: f"{one.uk.question} {one.en.question}"),
        answers=await said(answers, lambda one: one.question),
        names={one.id: one.name for one in await request.app[ACCOUNTS].users.all()},
        today=sources.today(),
    )


async def count_knowledge(request: web.Request, part: str, most: int) -> int:
    """Count one part, up to `most`."""
    if KNOWLEDGE not in request.app:
        return 0
    sources, user = request.app[KNOWLEDGE], request[USER]
    if part == ARTICLES:
        return len(await _articles(sources, user, most))
    read = {MISSING: _missing, ANSWERS: _answers}[part]
    return len(await read(sources, user, most))


async def _missing(sources: KnowledgeSources, user: User, most: int = MOST_ROWS) -> Sequence[MissingAnswer]:
    return [one for one in await sources.missing.open(MOST_READ) if one.waits_for(user)][:most]


async def _articles(sources: KnowledgeSources, user: User, most: int = MOST_ROWS) -> Sequence[Article]:
    today = sources.today()
    own = [one.article for one in await sources.articles.all() if one.article.owner_id == user.id]
    return sorted((one for one in own if one.waits(today)), key=lambda one: one.review_on)[:most]


async def _answers(sources: KnowledgeSources, user: User, most: int = MOST_ROWS) -> Sequence[MissingAnswer]:
    return await sources.missing.noted_by(user.id, most, unread=True)
