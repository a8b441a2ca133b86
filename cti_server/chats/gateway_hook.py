"""Addresses to which gateways of messengers bring news, each signed by its gateway."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from cti_server.auth.access import from_outside
from cti_server.auth.rates import WrongTokens
from cti_server.chats.sources import CHATS
from cti_server.clients import counted_as
from hotline.errors import NotFound

FREE_WRONG = 10
MOST_BYTES = 1_048_576
"""Of one piece of news."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayHook:
    """The address of one gateway. `proves` tells its signature; `told` takes news and gives our answer.

    `challenged` answers a gateway that asks whether the address is ours; None: it does not know our word.
    """

    path: str
    proves: Callable[[Mapping[str, str], bytes], bool]
    told: Callable[[bytes], Awaitable[Mapping[str, Any]]]
    challenged: Callable[[Mapping[str, str]], str | None] | None = None
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))


_HOOKS: web.AppKey[Mapping[str, GatewayHook]] = web.AppKey("gateway-hooks")


def add_gateways(app: web.Application, hooks: Sequence[GatewayHook]) -> None:
    app[_HOOKS] = {one.path: one for one in hooks}
    for one in hooks:
        app.router.add_post(one.path, news)
        if one.challenged is not None:
            app.router.add_get(one.path, challenge)


@from_outside
async def news(request: web.Request) -> web.Response:
    """Take news. What is not worked off is answered with an error, and is brought again."""
    hook = request.app[_HOOKS][request.path]
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    brought = await request.read()
    if not hook.proves(request.headers, brought):
        raise _wrong(request, hook)
    return web.json_response(await hook.told(brought))


@from_outside
async def challenge(request: web.Request) -> web.Response:
    """Show a gateway that knows our word that the address is ours."""
    hook = request.app[_HOOKS][request.path]
    answer = None if hook.challenged is None else hook.challenged(request.query)
    if answer is None:
        raise _wrong(request, hook)
    return web.Response(text=answer)


def _wrong(request: web.Request, hook: GatewayHook) -> NotFound:
    """Count who is not the gateway; raises TooManyAttempts where it was too often."""
    hook.wrong.count(counted_as(request), request.app[CHATS].clock.now())
    return NotFound("Nobody tells news here.")
