"""The address to which Telegram brings news of its bot; it proves itself by our secret in a header."""

import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import from_outside
from cti_server.auth.rates import WrongTokens
from cti_server.chats.sources import CHATS
from cti_server.clients import counted_as
from hotline.errors import NotFound

PATH = "/hooks/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
FREE_WRONG = 10
MOST_BYTES = 1_048_576
"""Of one piece of news: a message has 4096 letters and what its sender's program tells of it."""

Told = Callable[[bytes], Awaitable[None]]
_TOLD: web.AppKey[Told] = web.AppKey("telegram")
_SECRET: web.AppKey[str] = web.AppKey("telegram-secret")
_WRONG: web.AppKey[WrongTokens] = web.AppKey("telegram-wrong")


def add_telegram(app: web.Application, told: Told, secret: str) -> None:
    app[_TOLD], app[_SECRET], app[_WRONG] = told, secret, WrongTokens(FREE_WRONG)
    app.router.add_post(PATH, news)


@from_outside
async def news(request: web.Request) -> web.Response:
    """Take a piece of news. What is not worked off is answered with an error, and is brought again."""
    given = request.headers.get(SECRET, "").encode("utf-8", "surrogateescape")
    if not hmac.compare_digest(given, request.app[_SECRET].encode()):
        request.app[_WRONG].count(counted_as(request), request.app[CHATS].clock.now())
        raise NotFound("Nobody tells news here.")
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    await request.app[_TOLD](await request.read())
    return web.Response(status=HTTPStatus.NO_CONTENT)
