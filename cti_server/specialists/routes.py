"""Routes of specialists drawn into matters."""

from aiohttp import web

from cti_server.specialists import asking, linked, own, page
from cti_server.specialists.sources import SPECIALISTS, SpecialistSources
from cti_server.specialists.words import OWN, PATH
from hotline.delivery.recipient_links import PAGES
from hotline.delivery.signed_links import TOKEN
from hotline.specialists.telling import MANAGER, SPECIALIST


def add_specialists(app: web.Application, sources: SpecialistSources) -> None:
    """Add the centre's pages, the enterprise's, and those of links."""
    app[SPECIALISTS] = sources
    app.router.add_get(f"{PATH}/new", asking.new)
    app.router.add_post(f"{PATH}/new", asking.ask)
    app.router.add_get(f"{PATH}/of", page.of_matter)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, page.page)
    app.router.add_post(f"{one}/end", page.end)
    app.router.add_get(OWN, own.listing)
    theirs = OWN + r"/{id:\d{1,9}}"
    app.router.add_get(theirs, own.question)
    app.router.add_post(theirs, own.answer)
    app.router.add_get(f"{theirs}/matter", own.matter)
    app.router.add_post(f"{theirs}/matter", own.conclude)
    for word, shown, taken in (
        (MANAGER, linked.question, linked.answer),
        (SPECIALIST, linked.matter, linked.conclude),
    ):
        link = f"{PAGES[word]}/{{token:{TOKEN}}}"
        app.router.add_get(link, shown)
        app.router.add_post(link, taken)
