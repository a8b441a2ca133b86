"""The outage that an appeal belongs to: read for its card, and chosen by a dispatcher."""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.form.outage_there import outage_there
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from hotline.access.permissions import Permission
from hotline.appeals.appeal import PENDING, Appeal
from hotline.errors import NotFound
from hotline.outages.outage import Outage
from hotline.outages.reports import report_of

APART = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The outage that an appeal belongs to, or the one `offered`, or the alert that it is counted in."""

    outage: Outage | None = None
    offered: Outage | None = None
    alert_id: int | None = None


async def reported_of(request: web.Request, appeal: Appeal) -> Reported:
    """Read it; nothing is offered once nobody owes any work, or a dispatcher has said that it is none."""
    sources = request.app[HANDLING]
    report = await sources.reports.of_appeal(appeal.number)
    if report is not None and report.outage_id is not None:
        return Reported(outage=await sources.outages.get(report.outage_id))
    alert_id = None if report is None else report.alert_id
    apart = report is not None and report.apart
    offered = None if apart or appeal.state not in PENDING else await _there(request, appeal)
    return Reported(offered=offered, alert_id=alert_id)


async def _there(request: web.Request, appeal: Appeal) -> Outage | None:
    sources = request.app[HANDLING]
    return await outage_there(
        sources.outages,
        sources.streets,
        category=appeal.category,
        address=appeal.address,
        at=sources.clock.now(),
    )


@allowed(Permission.HANDLE_APPEALS)
async def say(request: web.Request) -> web.Response:
    """Let the appeal belong to the `outage` that was offered, or keep it apart from any (`none`)."""
    sources, number = request.app[HANDLING], request.match_info["number"]
    appeal, said = await sources.registry.find(number), str((await request.post()).get("outage", ""))
    if appeal is None:
        raise NotFound(f"There is no appeal {number}.")
    reported = await reported_of(request, appeal)
    outage = reported.outage or reported.offered
    if outage is None or said not in (APART, str(outage.id)):
        raise web.HTTPConflict
    apart = said == APART
    gazetteer, linked = await sources.streets.gazetteer(), None if apart else outage.id
    await sources.reports.put(report_of(appeal, gazetteer, outage.utility, outage_id=linked, apart=apart))
    await audit(request, Action.CHANGE, f"appeal:{number}", f"outage:{outage.id} {'apart' if apart else ''}")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/appeals/{number}"})
