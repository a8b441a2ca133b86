"""The address to which a gateway brings short messages of residents; its secret is in the address."""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.auth.access import from_outside
from cti_server.auth.rates import WrongTokens
from cti_server.clients import counted_as
from cti_server.delivery.receipts import said_by_gateway
from hotline.clock import Clock
from hotline.errors import NotFound

PATH = r"/hooks/sms-in/{secret:[^/]{16,200}}"
FREE_WRONG = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Sms:
    """A short message as the gateway brings it; `name` is the gateway's own for it."""

    name: str
    sender: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingSms:
    """`read` makes a message of what the gateway sent, None of what is none; `take` has it worked off."""

    secret: str
    read: Callable[[Any], Sms | None]
    take: Callable[[str, str, str], Awaitable[None]]
    clock: Clock
    wrong: WrongTokens


INCOMING: web.AppKey[IncomingSms] = web.AppKey("incoming-sms")


def add_incoming_sms(app: web.Application, incoming: IncomingSms) -> None:
    app[INCOMING] = incoming
    app.router.add_get(PATH, bring)
    app.router.add_post(PATH, bring)


@from_outside
async def bring(request: web.Request) -> web.Response:
    """Take a message as JSON, a form or a query. One that is not worked off is answered with an error."""
    incoming = request.app[INCOMING]
    if not hmac.compare_digest(request.match_info["secret"].encode(), incoming.secret.encode()):
        incoming.wrong.count(counted_as(request), incoming.clock.now())
        raise NotFound("Nobody takes messages here.")
    came = incoming.read(await said_by_gateway(request))
    if came is None:
        raise web.HTTPBadRequest
    await incoming.take(came.name, came.sender, came.text)
    return web.Response(status=HTTPStatus.NO_CONTENT)
