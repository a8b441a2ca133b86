"""The page of a link by which a call goes on in a chat: opened by a button, once.

A page that is only looked at, as programs do that look at links of messages, uses nothing up.
"""

from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts
from cti_server.chats.resident import COOKIE, TOO_FAST, WORD, new_word, there, there_with
from cti_server.chats.resident import PATH as CHAT
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
    """Have the conversation go on in this browser; pressed twice, it is the same chat.

    The form brings the word by which the browser is known from now on: of a button that is pressed twice at
    once the browser reads the last answer alone.
    """
    sources, now = request.app[CHATS], request.app[CHATS].clock.now()
    code, kept = request.match_info["code"], request.cookies.get(COOKIE, "")
    word = str((await request.post()).get("word", ""))
    try:
        sources.wrong_links.require_patience(counted_as(request), now)
        links = sources.conversations.going_on
        if kept and await links.opened_here(code, Medium.WEB, hash_of(kept)) is not None:
            return there()
        word = word if WORD.fullmatch(word) else new_word()
        if await links.open_link(code, Medium.WEB, hash_of(word)) is not None:
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
            "word": "" if fault else new_word(),
        },
    )
    headers = {"X-Robots-Tag": "noindex", "Cache-Control": "no-store"}
    return web.Response(text=text, content_type="text/html", status=status, headers=headers)
