"""Acts on a prepared message in one step: switched on, off, deleted."""

from datetime import timedelta

from aiohttp import web

from cti_server.announcements.messages import Late, show
from cti_server.announcements.sources import ANNOUNCING
from cti_server.announcements.words import HOURS, MANAGE, PATH
from cti_server.audit import Action, audit
from cti_server.keys import USER
from hotline.errors import ForbiddenTransition, Outdated
from hotline.informing.city_messages import MessageBy


@MANAGE
async def switch_on(request: web.Request) -> web.Response:
    """Switch the message on, for some hours or until somebody switches it off."""
    sources, message_id = request.app[ANNOUNCING], int(request.match_info["id"])
    form = await request.post()
    hours, by = str(form.get("hours", "")), MessageBy(user_id=request[USER].id)
    if hours not in map(str, HOURS):
        raise web.HTTPBadRequest
    until = sources.clock.now() + timedelta(hours=int(hours)) if hours != "0" else None
    marks = {name: str(form.get(name, "")) for name in ("wanted", "seen")}
    try:
        message = await sources.messages.switch_on(message_id, by, until, **marks)
    except Outdated:
        return await show(request, Late(message_id, hours))
    lasting = f"until {until:%Y-%m-%dT%H:%M%z}" if until else "until switched off"
    await audit(request, Action.CHANGE, f"city-message:{message.id}", f"on {lasting}")
    raise web.HTTPSeeOther(f"{PATH}?done=on")


@MANAGE
async def switch_off(request: web.Request) -> web.Response:
    """Let nothing be heard any more; what somebody else has switched on meanwhile stays on."""
    by, seen = MessageBy(user_id=request[USER].id), str((await request.post()).get("seen", ""))
    try:
        was = await request.app[ANNOUNCING].messages.switch_off(by, seen=seen)
    except Outdated:
        return await show(request, Late())
    if was is not None:
        await audit(request, Action.CHANGE, f"city-message:{was.id}", "off")
    raise web.HTTPSeeOther(f"{PATH}?done=off")


@MANAGE
async def remove(request: web.Request) -> web.Response:
    """Take a message from the list; one that callers hear stays."""
    message_id = int(request.match_info["id"])
    try:
        await request.app[ANNOUNCING].messages.remove(message_id, MessageBy(user_id=request[USER].id))
    except ForbiddenTransition:
        raise web.HTTPSeeOther(f"{PATH}?done=still-on") from None
    await audit(request, Action.REMOVE, f"city-message:{message_id}")
    raise web.HTTPSeeOther(f"{PATH}?done=removed")
