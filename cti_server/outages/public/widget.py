"""The widget: a small page for a frame on the city's own site, and the script that puts the frame there."""

from collections.abc import Mapping
from importlib import resources

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.frame.pages import PAGES
from cti_server.frame.security import POLICY
from cti_server.outages.public.address_query import asked_of, place_of
from cti_server.outages.public.published import Made
from cti_server.outages.public.sending import FEED, HTML, send
from cti_server.outages.public.sources import PUBLIC
from cti_server.outages.public.words import Words
from hotline.outages.bulletin import Bulletin

MOST_SHOWN = 10
"""Outages in the frame; the page itself has all of them."""
FRAMED: Mapping[str, str] = {
    **FEED,
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *"),
}
"""This page alone may stand in frames of other sites: no click in it does anything."""
_SCRIPT = resources.files(__package__).joinpath("widget.js").read_text(encoding="utf-8")


@open_to_all
async def frame(request: web.Request) -> web.Response:
    """Show present outages, in few lines; language and theme are in the frame's own address."""
    asked, sources = asked_of(request, looks=False), request.app[PUBLIC]

    async def make(bulletin: Bulletin) -> Made:
        text = request.app[PAGES].text(
            asked.language,
            "outages/public/widget.html.jinja2",
            {
                "asked": asked,
                "place": await place_of(asked, bulletin, sources.streets),
                "words": Words(asked.language, sources.timezone, sources.published.clock.now()),
                "number": sources.number,
                "site": sources.address,
                "most": MOST_SHOWN,
            },
        )
        return Made(text=text, content_type=HTML)

    return send(request, await sources.published.rendered(asked.key("widget"), make), FRAMED)


@open_to_all
async def script(request: web.Request) -> web.Response:
    """The script that the city's site loads."""

    async def make(_bulletin: Bulletin) -> Made:
        return Made(text=_SCRIPT, content_type="text/javascript; charset=utf-8")

    return send(request, await request.app[PUBLIC].published.rendered(("widget.js",), make), FEED)
