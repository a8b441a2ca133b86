"""The form as it is being typed: kept, checked while faults are shown, and thrown away when asked."""

from datetime import timedelta

from aiohttp import web

from cti_server.appeals.form.calling import on_the_line, read_calling
from cti_server.appeals.form.filled import Filled
from cti_server.appeals.form.showing import answer, show, typed
from cti_server.appeals.form.sources import APPEALS
from cti_server.auth.access import allowed
from cti_server.frame.pages import PAGES
from cti_server.keys import SMS_PREFIXES, USER
from hotline.access.permissions import Permission

_REGISTER = allowed(Permission.REGISTER_APPEALS)
_MOST_KEPT = 20_000
KEPT_FOR = timedelta(hours=12)
MOST_SHOWN = 5


@_REGISTER
async def save(request: web.Request) -> web.Response:
    """Store the form as it is; the answer names the fields that are still wrong: `{"faults": [...]}`."""
    fields = await typed(request)
    if sum(map(len, fields.values())) > _MOST_KEPT:
        raise web.HTTPRequestEntityTooLarge(_MOST_KEPT, 0)
    sources = request.app[APPEALS]
    if await sources.registry.by_idempotency_key(fields["idempotency_key"]):
        return web.json_response({"faults": []})  # sent before it was registered, and overtaken
    await sources.forms.save(request[USER].id, fields["call"], fields, sources.clock.now())
    record = await sources.calls.find(fields["call"]) if fields["call"] else None
    number, interpreters = record.number if record else None, request.app[PAGES].interpreters
    faults = Filled(fields).faults(number, request.app[SMS_PREFIXES], interpreters)
    return web.json_response({"faults": sorted(faults)})


@_REGISTER
async def left(request: web.Request) -> web.Response:
    """Show the user's half-filled forms, except the one of `?open=`; without it none is open.

    Forms that a colleague began for a person now on the line here are among them.
    """
    sources, user_id = request.app[APPEALS], request[USER].id
    own = await sources.forms.saved(user_id, sources.clock.now() - KEPT_FOR)
    calls = dict.fromkeys([*await on_the_line(request), *own])
    folded = [one for one in calls if one != request.query.get("open")]
    half_filled = [one for one in folded if await _is_half_filled(request, one)][:MOST_SHOWN]
    return show(request, "left", {"left": [await read_calling(request, one) for one in half_filled]})


async def _is_half_filled(request: web.Request, call_id: str) -> bool:
    sources = request.app[APPEALS]
    fields = await sources.forms.find(request[USER].id, call_id)
    return (
        bool(fields) and await sources.registry.by_idempotency_key(fields.get("idempotency_key", "")) is None
    )


@_REGISTER
async def discard(request: web.Request) -> web.Response:
    """Throw the form of this call away."""
    fields = await typed(request)
    await request.app[APPEALS].forms.drop(request[USER].id, fields["call"])
    return answer(request, "closed")
