"""The page at `/status`: which parts of the hotline work, how many callers wait."""

from importlib import resources

import jinja2
from aiohttp import web

from cti_server.auth.access import public
from cti_server.frame.assets import address
from cti_server.status.board import BOARD
from cti_server.status.words import WORDS

NUMBER: web.AppKey[str] = web.AppKey("number")
_TEMPLATE = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
    resources.files(__package__).joinpath("page.html.jinja2").read_text(encoding="utf-8")
)
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STYLE = resources.files(__package__).joinpath("page.css").read_text(encoding="utf-8")


@public
async def page(request: web.Request) -> web.Response:
    board = request.app[BOARD]
    language = "en" if request.query.get("lang") == "en" else "uk"
    parts = await board.parts()
    text = _TEMPLATE.render(
        words=WORDS[language],
        asset=address,
        language=language,
        number=request.app[NUMBER],
        parts=parts,
        background=board.background(),
        room=board.room(),
        well=all(parts.values()),
        line=await board.line() if parts["database"] else None,
    )
    return web.Response(text=text, content_type="text/html", headers=_HEADERS)


@public
async def style(_request: web.Request) -> web.Response:
    return web.Response(text=STYLE, content_type="text/css")
