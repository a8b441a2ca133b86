"""`/look`: every component in all its states; what people look at, and what pictures are compared with.

It exists in the demo city only: it holds nobody's data, and nobody works on it.
"""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.frame.pages import render
from cti_server.frame.words import APPEAL_STATES, UTILITIES

PATH = "/look"
STATES = ("idle", "ring", "talk", "hold", "emergency")
COLOURS = (
    *("accent", "good", "caution", "bad", *STATES),
    *("calm", "soon", "today", "overdue"),
    *("new", "given", "work", "done", "disputed", "closed"),
)
"""Tokens that have a ground."""


def add_look(app: web.Application) -> None:
    app.router.add_get(PATH, page)


@public
async def page(request: web.Request) -> web.Response:
    return render(
        request,
        "look/page.html.jinja2",
        colours=COLOURS,
        appeal_states=APPEAL_STATES,
        utilities=UTILITIES,
    )
