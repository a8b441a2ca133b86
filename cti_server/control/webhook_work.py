"""Webhooks that were turned off because their addresses failed, on the list of what waits."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.control.todo_parts import WEBHOOKS_PART, TodoQuery
from cti_server.keys import USER
from cti_server.webhooks.sources import WEBHOOKS
from hotline.access.permissions import Permission
from hotline.webhooks.states import WebhookState
from hotline.webhooks.webhook import Webhook


async def webhook_work(request: web.Request, query: TodoQuery) -> Sequence[Webhook]:
    """Read those that wait for this user, found by what is typed."""
    if not query.shows(WEBHOOKS_PART):
        return ()
    return [one for one in await _failed(request) if query.typed in f"{one.address} {one.fault}".casefold()]


async def count_webhooks(request: web.Request, part: str, most: int) -> int:
    del part
    return min(most, len(await _failed(request)))


async def _failed(request: web.Request) -> Sequence[Webhook]:
    if WEBHOOKS not in request.app or not request[USER].may(Permission.MANAGE_USERS):
        return ()
    sources = request.app[WEBHOOKS]
    failed = [one for one in await sources.webhooks.all() if one.state is WebhookState.FAILED]
    if not failed:
        return ()
    now = sources.clock.now()
    alive = {one.id for one in await sources.tokens.all() if one.valid(now)}
    return [one for one in failed if one.token_id in alive]  # the others have nobody to tell
