"""Kept reports that are sent by themselves; the head who keeps one sets it and takes it back."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.noted import Noted, noted_at
from cti_server.keys import USER
from cti_server.reports.builder import PATH
from cti_server.reports.plans import MOST_ADDRESSES, read_addresses, read_hour
from cti_server.reports.sources import REPORTS
from hotline.access.permissions import Permission
from hotline.reports.papers import PaperKind
from hotline.reports.schedules import NewSchedule


@allowed(Permission.SEE_CONTROL, Permission.SIGN_REPORTS)
async def add(request: web.Request) -> web.StreamResponse:
    """Have a kept report sent; where an address is none, nothing is set."""
    form, sources = await request.post(), request.app[REPORTS]
    addresses, wrong = read_addresses(str(form.get("addresses", "")))
    kind, view = str(form.get("kind", "")), whole(str(form.get("view", "")))
    if wrong or not addresses or len(addresses) > MOST_ADDRESSES or kind not in set(PaperKind) or not view:
        raise web.HTTPSeeOther(f"{PATH}?{form.get('query', '')}&wrong-address=1#sent")
    new = NewSchedule(
        view_id=view,
        kind=PaperKind(kind),
        hour=read_hour(str(form.get("hour", ""))),
        addresses=addresses,
        user_id=request[USER].id,
    )
    await sources.schedules.add(new, sources.clock.now())
    await audit(request, Action.ADD, f"report-sending:{view}", f"{kind} addresses={len(addresses)}")
    return noted_at(PATH, Noted.REPORT_SENT)


@allowed(Permission.SEE_CONTROL, Permission.SIGN_REPORTS)
async def drop(request: web.Request) -> web.StreamResponse:
    schedule = int(request.match_info["id"])
    await request.app[REPORTS].schedules.drop(schedule, request[USER].id)
    await audit(request, Action.CHANGE, f"report-sending:{schedule}", "dropped")
    return noted_at(PATH, Noted.REPORT_NOT_SENT)
