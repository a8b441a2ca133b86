"""Questions of residents with their answers, for everybody: found by words, read without scripts."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.frame.pages import PAGES
from cti_server.knowledge.sources import KNOWLEDGE
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.sources import PUBLIC
from hotline.city.search_terms import asked_terms
from hotline.errors import NotFound
from hotline.knowledge.finding import having

PATH = "/questions"
LONGEST = 200


@public
async def page(request: web.Request) -> web.Response:
    """`?q=` are words of a question or an answer; all without them."""
    sources, typed = request.app[KNOWLEDGE], request.query.get("q", "").strip()[:LONGEST]
    today = sources.today()
    every = [one for one in await sources.articles.all() if one.article.public and one.article.holds(today)]
    terms = await asked_terms(typed, sources.lemmas)
    found = having(every, terms) if terms else [one.article for one in every]
    return _page(request, "questions", here=PATH, found=found, typed=typed)


@public
async def one(request: web.Request) -> web.Response:
    """One question; one that is not public, or does not hold any more, is not there."""
    sources, wanted = request.app[KNOWLEDGE], int(request.match_info["id"])
    every = [one.article for one in await sources.articles.all()]
    article = next((one for one in every if one.id == wanted), None)
    if article is None or not article.public or not article.holds(sources.today()):
        raise NotFound(f"There is no public article {wanted}.")
    return _page(request, "question", here=f"{PATH}/{wanted}", one=article)


def _page(request: web.Request, name: str, *, here: str, **context: object) -> web.Response:
    asked = asked_of(request)
    shared = {"theme": asked.theme, "here": here, "number": request.app[PUBLIC].number}
    text = request.app[PAGES].text(asked.language, f"knowledge/{name}.html.jinja2", shared | context)
    return web.Response(text=text, content_type="text/html")
