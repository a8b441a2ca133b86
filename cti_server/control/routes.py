"""Routes of control."""

from aiohttp import web

from cti_server.control import closings, notices, overview, public_words, todo
from cti_server.control.sources import CONTROL, ControlSources
from cti_server.control.todo_parts import VIEWS
from cti_server.frame.export import route
from cti_server.frame.views import add_views


def add_control(app: web.Application, sources: ControlSources) -> None:
    """Add what waits for a person, the overview and its export, drawn closings, and the head's notices."""
    app[CONTROL] = sources
    app.router.add_get(todo.PATH, todo.page)
    app.router.add_get(f"{todo.PATH}/count", todo.counted)
    app.router.add_get(rf"{public_words.PATH}/{{number:\d{{1,12}}}}", public_words.page)
    app.router.add_post(rf"{public_words.PATH}/{{number:\d{{1,12}}}}", public_words.decide)
    add_views(app, VIEWS)
    app.router.add_get(overview.PATH, overview.page)
    app.router.add_get(route(overview.PATH), overview.export)
    app.router.add_get(closings.PATH, closings.page)
    app.router.add_post(f"{overview.PATH}/seen", notices.seen)
    app.router.add_post(f"{overview.PATH}/unseen", notices.unseen)
    app.router.add_get(notices.READ, notices.listing)
