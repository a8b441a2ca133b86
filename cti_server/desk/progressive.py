"""Progressive calling on a desk: turned on and off, and the next entry skipped."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.desk.missed import missed_part
from cti_server.desk.progressive_next import end
from cti_server.desk.sources import DESK
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.errors import NoDesk
from hotline.events import LineChanged
from hotline.line.progressive import LEFT_OUT_FOR

LONGEST_REFERENCE = 100


@allowed(Permission.CALL_OUT)
async def turn(request: web.Request) -> web.Response:
    """`on` is yes or no."""
    desk, form = request.app[DESK], await request.post()
    dispatcher_id, wanted = _dispatcher_id(request), str(form.get("on", ""))
    if wanted not in {"yes", "no"}:
        raise web.HTTPBadRequest
    if wanted == "yes":
        await desk.sources.progressive.turn_on(dispatcher_id, request[USER].id)
    else:
        await end(desk.sources, dispatcher_id, request[USER].id)
    await audit(request, Action.CHANGE, f"dispatcher:{dispatcher_id}", f"progressive {wanted}")
    desk.events.tell(LineChanged(at=desk.sources.clock.now()))
    return await missed_part(request)


@allowed(Permission.CALL_OUT)
async def skip(request: web.Request) -> web.Response:
    """Skip the shown entry, the `reference`: it is left to others and to later."""
    desk, form = request.app[DESK], await request.post()
    dispatcher_id, reference = _dispatcher_id(request), str(form.get("reference", ""))[:LONGEST_REFERENCE]
    now = desk.sources.clock.now()
    if await desk.sources.progressive.put_aside(dispatcher_id, reference, now + LEFT_OUT_FOR):
        await desk.sources.claims.release(reference, request[USER].id)
        await audit(request, Action.CHANGE, f"call:{reference}", "skipped")
    desk.events.tell(LineChanged(at=now))
    return await missed_part(request)


def _dispatcher_id(request: web.Request) -> int:
    user = request[USER]
    if user.dispatcher_id is None:
        raise NoDesk(f"User {user.id} has no desk.")
    return user.dispatcher_id
