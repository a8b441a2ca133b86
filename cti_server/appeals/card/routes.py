"""Routes of the card of an appeal and its acts."""

from aiohttp import web

from cti_server.appeals.card import acting, outage, same
from cti_server.appeals.card import page as card
from cti_server.appeals.card.sources import HANDLING, HandlingSources

_ONE = r"/appeals/{number:\d{1,12}}"


def add_handling(app: web.Application, sources: HandlingSources) -> None:
    """Add the card, on a page of its own and at the desk, and what can be done from it."""
    app[HANDLING] = sources
    app.router.add_get(_ONE, card.page)
    app.router.add_get("/desk" + _ONE, card.opened)
    app.router.add_get(_ONE + "/same", same.page)
    app.router.add_post(_ONE + "/same", same.link)
    app.router.add_post(_ONE + "/outage", outage.say)
    app.router.add_post(_ONE + "/acts/{act}", acting.on_page)
    app.router.add_post("/desk" + _ONE + "/acts/{act}", acting.at_desk)
