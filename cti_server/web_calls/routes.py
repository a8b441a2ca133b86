"""Routes of calls by the browser."""

from aiohttp import web

from cti_server.frame.pages import PAGES
from cti_server.web_calls import line, page, switch
from cti_server.web_calls.sources import WEB_CALLS, WebCallSources


def add_web_calls(app: web.Application, sources: WebCallSources) -> None:
    """Add the page and its socket, and the switch; public pages show the button while such calls are open."""
    app[WEB_CALLS] = sources
    app[PAGES].calls_open = lambda: sources.guests.open
    app.router.add_get(page.PATH, page.page)
    app.router.add_post(page.PATH, page.invite)
    app.router.add_get(page.LINE, line.line)
    app.router.add_get(switch.PATH, switch.page)
    app.router.add_post(f"{switch.PATH}/close", switch.close)
    app.router.add_post(f"{switch.PATH}/open", switch.reopen)
