"""The list of articles with one box, and of the questions that have no answer yet."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import language_of, words_of
from cti_server.frame.leafing import Read, leaf_of
from cti_server.frame.lists import MOST_COUNTED, chips, chosen_part, conditions, without_part
from cti_server.frame.pages import render
from cti_server.frame.views import views_of
from cti_server.keys import ACCOUNTS, USER
from cti_server.knowledge.filters import LABELS, MISSING, VIEWS, fits, kept_of, parts_of
from cti_server.knowledge.sources import KNOWLEDGE
from cti_server.knowledge.words import CONTEXT, category_name
from hotline.access.permissions import Permission
from hotline.city.search_terms import asked_terms, saying
from hotline.knowledge.articles import Article
from hotline.knowledge.finding import having
from hotline.knowledge.missing import MissingAnswer

PAGE_ROWS = 50
MOST_MISSING = 500
"""Open questions that are read; nobody leafs further."""


@allowed(Permission.SEE_KNOWLEDGE)
async def page(request: web.Request) -> web.Response:
    """The articles that are asked for, or the open questions."""
    sources, kept, user = request.app[KNOWLEDGE], kept_of(request), request[USER]
    today, parts = sources.today(), parts_of(user)
    found = await _found(request, kept["q"])
    others = without_part(parts, kept)
    missing = await _missing(request, kept["q"])
    counts = [
        len(missing)
        if one.query["part"] == MISSING
        else sum(fits(article, {**others, **one.query}, user, today) for article in found)
        for one in parts
    ]
    asks = kept["part"] == MISSING and user.may(Permission.WRITE_KNOWLEDGE)
    fitting = [one for one in found if fits(one, kept, user, today)]
    rows: Sequence[Article | MissingAnswer] = missing if asks else fitting
    await audit(request, Action.SEARCH if kept["q"] else Action.VIEW, "articles", request.query_string)
    return render(
        request,
        "knowledge/list.html.jinja2",
        status=200,
        **CONTEXT,
        leaf=await leaf_of(request, _slices(rows), PAGE_ROWS),
        asks=asks,
        kept=kept,
        chips=chips(parts, kept, VIEWS.address, counts),
        most_counted=MOST_COUNTED,
        conditions=conditions(
            [("category", category_name(kept["category"], language_of(request)))],
            labels=LABELS,
            kept=kept,
            address=VIEWS.address,
            words=words_of(request),
            part=chosen_part(parts, kept),
        ),
        names=await names_of(request),
        today=today,
        **await views_of(request, VIEWS, kept),
    )


async def names_of(request: web.Request) -> Mapping[int, str]:
    """Give the names of all users, by id."""
    return {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}


async def _found(request: web.Request, typed: str) -> Sequence[Article]:
    sources = request.app[KNOWLEDGE]
    every, terms = await sources.articles.all(), await asked_terms(typed, sources.lemmas)
    return having(every, terms) if terms else [one.article for one in every]


async def _missing(request: web.Request, typed: str) -> Sequence[MissingAnswer]:
    if not request[USER].may(Permission.WRITE_KNOWLEDGE):
        return ()
    sources = request.app[KNOWLEDGE]
    return await saying(
        await sources.missing.open(MOST_MISSING), lambda one: one.question, typed, sources.lemmas
    )


def _slices(rows: Sequence[Article | MissingAnswer]) -> Read[Article | MissingAnswer]:
    """Leaf through what was found already."""

    async def some(most: int, skipped: int) -> Sequence[Article | MissingAnswer]:
        return rows[skipped : skipped + most]

    return some
