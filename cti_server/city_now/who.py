"""The people behind the figures of the line: callers who wait and talk, and dispatchers at their desks."""

from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_now.sources import CITY_NOW
from cti_server.city_now.words import CONTEXT
from cti_server.frame.pages import render
from cti_server.frame.words import PRESENCES, PRIORITY, REASONS
from hotline.access.permissions import Permission
from hotline.contact.numbers import masked
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState


@allowed(Permission.SEE_CONTROL, Permission.SEE_CALLS)
async def page(request: web.Request) -> web.Response:
    """The line by name, in the order of service; a number is whole on the page of its call alone."""
    sources = request.app[CITY_NOW]
    line, everybody = await sources.callers.in_line(), await sources.dispatchers.all()
    await audit(request, Action.VIEW, "line")
    talking = [one for one in line if one.entry.state is QueueEntryState.TALKING]
    waiting = [one for one in line if one.entry.state is not QueueEntryState.TALKING]
    context: dict[str, Any] = {
        **CONTEXT,
        "at": sources.clock.now(),
        "waiting": [one for one in waiting if one.entry.callback_to is None],
        "kept": [one for one in waiting if one.entry.callback_to is not None],
        "talking": talking,
        "at_desks": [one for one in everybody if one.presence is not Presence.AWAY],
        "names": {one.id: one.name for one in everybody},
        "PRESENCES": PRESENCES,
        "PRIORITY": PRIORITY,
        "masked": masked,
        "REASONS": REASONS,
    }
    return render(request, "city_now/who.html.jinja2", **context)
