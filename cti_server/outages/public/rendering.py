"""Pages that are made for one reader, and kept by nobody."""

from http import HTTPStatus

from aiohttp import web

from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.words import Words


def rendered(
    request: web.Request, template: str, status: HTTPStatus = HTTPStatus.OK, **context: object
) -> web.Response:
    """Make a page of this room."""
    return rendered_page(request, f"outages/public/{template}.html.jinja2", status, **context)


def rendered_page(
    request: web.Request, template: str, status: HTTPStatus = HTTPStatus.OK, **context: object
) -> web.Response:
    """Make it in the language of this browser; search engines are to leave it alone."""
    asked, sources = asked_of(request), request.app[PUBLIC]
    frame = {
        "asked": asked,
        "theme": asked.theme,
        "here": str(request.rel_url) if request.method == "GET" else request.path,
        "number": sources.number,
        "words": Words(asked.language, sources.timezone, sources.published.clock.now()),
    }
    text = request.app[PAGES].text(asked.language, template, {**frame, **context})
    headers = {"X-Robots-Tag": "noindex"}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)
