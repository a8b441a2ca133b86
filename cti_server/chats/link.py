"""The page of a link by which a call goes on in a chat: opened by a button, once.

A page that is only looked at, as programs do that look at links of messages, uses nothing up.
"""

from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts
from cti_server.chats.resident import PATH as CHAT
from cti_server.chats.resident import TOO_FAST, new_word, there_with
from cti_server.chats.sources import CHATS
from cti_server.clients import counted_as
from cti_server.frame.language import N_
from cti_server.frame.pages import PAGES
from cti_server.outages.public.address_query import asked_of
from cti_server.outages.public.sources import PUBLIC
from hotline.access.tokens import hash_of
from hotline.chats.chats import Medium

PATH = f"{CHAT}/go"
NO_LINK = N_(
    "This link is not good any more: it was opened before, or an hour has passed. Begin a chat, or call us."
)


@public
async def page(request: web.Request) -> web.Response:
    """Offer to go on."""
    return _page(request)


@public
async def opened(request: web.Request) -> web.Response:
    """Have the conversation go on in this browser."""
    sources, now = request.app[CHATS], request.app[CHATS].clock.now()
    try:
        sources.wrong_links.require_patience(counted_as(request), now)
        word = new_word()
        chat = await sources.conversations.open_link(request.match_info["code"], Medium.WEB, hash_of(word))
        if chat is not None:
            return there_with(request, word)
        sources.wrong_links.count(counted_as(request), now)
    except TooManyAttempts:
        return _page(request, TOO_FAST, HTTPStatus.TOO_MANY_REQUESTS)
    return _page(request, NO_LINK, HTTPStatus.GONE)


def _page(request: web.Request, fault: str = "", status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    asked = asked_of(request, looks=False)
    text = request.app[PAGES].text(
        asked.language,
        "chats/link.html.jinja2",
        {
            "theme": asked.theme,
            "here": request.path,
            "number": request.app[PUBLIC].number,
            "fault": fault,
        },
    )
    headers = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)
