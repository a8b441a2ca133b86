"""Routes of the knowledge base."""

from aiohttp import web

from cti_server.frame.views import add_views
from cti_server.knowledge import article, beside, editing, listing, missing, public
from cti_server.knowledge.filters import PATH, VIEWS
from cti_server.knowledge.sources import KNOWLEDGE, KnowledgeSources


def add_knowledge(app: web.Application, sources: KnowledgeSources) -> None:
    """Add the list, articles with their versions, the editor, and the questions without an answer."""
    app[KNOWLEDGE] = sources
    app.router.add_get(public.PATH, public.page)
    app.router.add_get(public.PATH + r"/{id:\d{1,9}}", public.one)
    app.router.add_get(PATH, listing.page)
    add_views(app, VIEWS)
    app.router.add_get(f"{PATH}/new", editing.new)
    app.router.add_post(f"{PATH}/new", editing.add)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, article.page)
    app.router.add_get(f"{one}/edit", editing.form)
    app.router.add_post(f"{one}/edit", editing.save)
    app.router.add_post(f"{one}/reviewed", article.reviewed)
    app.router.add_post(f"{one}/withdraw", article.withdraw)
    app.router.add_post(f"{one}/told", beside.told)
    app.router.add_get(f"{PATH}/beside", beside.page)
    app.router.add_post(f"{PATH}/beside/missing", beside.missing)
    app.router.add_post(f"{PATH}/missing", missing.note)
    asked = PATH + r"/missing/{id:\d{1,9}}"
    app.router.add_get(asked, missing.page)
    app.router.add_post(f"{asked}/pass-on", missing.pass_on)
    app.router.add_post(f"{asked}/answered", missing.answered)
    app.router.add_post(f"{asked}/dismiss", missing.dismiss)
    app.router.add_post(f"{asked}/read", missing.read)
