"""Routes of statements: those of the staff, and the public page of news with its feeds."""

from aiohttp import web

from cti_server.frame.views import add_views
from cti_server.statements import acting, listing, news, picturing, writing
from cti_server.statements.listing import PATH, VIEWS
from cti_server.statements.sources import STATEMENTS, StatementSources


def add_statements(app: web.Application, sources: StatementSources) -> None:
    """Add the list, the form and one statement with its acts; for residents the news."""
    app[STATEMENTS] = sources
    app.router.add_get(news.PATH, news.page)
    app.router.add_get(f"{news.PATH}.atom", news.feed("atom"))
    app.router.add_get(f"{news.PATH}.rss", news.feed("rss"))
    app.router.add_get(news.PATH + r"/{id:\d{1,9}}", news.one)
    app.router.add_get(picturing.PUBLIC, picturing.public)
    app.router.add_get(PATH, listing.page)
    add_views(app, VIEWS)
    app.router.add_get(f"{PATH}/new", writing.new)
    app.router.add_post(f"{PATH}/new", writing.add)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, acting.page)
    app.router.add_post(f"{one}/act", acting.act)
    app.router.add_get(f"{one}/edit", writing.form)
    app.router.add_post(f"{one}/edit", writing.save)
    app.router.add_get(f"{one}/picture", picturing.drafted)
    app.router.add_post(f"{one}/picture", picturing.put)
    app.router.add_post(f"{one}/picture/remove", picturing.take_out)
