"""Duty by the roster as a desk shows it: until when one has a shift, who comes after, when to hand over."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.sources import SHIFTS
from hotline.access.permissions import Permission
from hotline.shifts.duty import HANDS_OVER, duty_at

PATH = "/shifts/now"


@allowed(Permission.SEE_OWN_SHIFTS)
async def now(request: web.Request) -> web.Response:
    """Give the line for the desk, which asks again by itself; empty where no roster is drawn."""
    sources, user = request.app[SHIFTS], request[USER]
    at, zone = sources.clock.now(), sources.timezone
    duty = await duty_at(sources.roster, at, zone)
    shift = duty.shift_of(user.id)
    after = duty.after(shift, zone) if shift else ()
    senior = duty.senior
    asked = [one.user_id for one in after] + ([senior.user_id] if senior else [])
    names = await request.app[ACCOUNTS].users.those(asked) if asked else {}
    return render(
        request,
        "shifts/now.html.jinja2",
        ends=shift.ends(zone) if shift else None,
        after=sorted(names[one.user_id].name for one in after),
        senior=names[senior.user_id] if senior else None,
        hands_over=shift is not None and shift.ends(zone) - at <= HANDS_OVER,
        outside=duty.outside(user.id, at, zone),
    )


async def note_arrival(request: web.Request) -> None:
    """Note that the user begins work outside their shift; nobody is kept from it."""
    if SHIFTS not in request.app:
        return
    sources = request.app[SHIFTS]
    at, zone = sources.clock.now(), sources.timezone
    if (await duty_at(sources.roster, at, zone)).outside(request[USER].id, at, zone):
        await audit(request, Action.CHANGE, "roster", "outside their shift")
