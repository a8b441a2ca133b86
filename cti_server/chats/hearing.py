"""The page for residents who cannot hear or speak: 112, writing, sign language, a call made for them."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.sources import PUBLIC

PATH = "/hearing"


@public
async def page(request: web.Request) -> web.Response:
    asked = asked_of(request, looks=False)
    context = {"theme": asked.theme, "here": PATH, "number": request.app[PUBLIC].number}
    text = request.app[PAGES].text(asked.language, "chats/hearing.html.jinja2", context)
    return web.Response(text=text, content_type="text/html")
