"""One outage: what it is, what callers hear of it, what can be done with it, what was done."""

from http import HTTPStatus

from aiohttp import web

from cti_server.frame.language import language_of
from cti_server.keys import USER
from cti_server.outage_alerts.linked import linked_of
from cti_server.outage_register.audience import Audience
from cti_server.outage_register.history import history_of
from cti_server.outage_register.showing import show
from cti_server.outage_register.sources import OUTAGES
from cti_server.outage_register.told import told_of
from cti_server.outage_register.typed import moment_typed
from hotline.outages import Outage
from hotline.typed_areas import areas_text


async def page(request: web.Request, audience: Audience) -> web.Response:
    """Show it; `?done=` names what was done just now."""
    outage = await audience.asked_for(request)
    return await show_card(request, audience, outage, done=request.query.get("done", ""))


async def show_card(
    request: web.Request,
    audience: Audience,
    outage: Outage,
    *,
    done: str = "",
    act: str = "",
    fault: str = "",
    typed: str = "",
    stale: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:
    """Answer with the card; `fault` is what was wrong with `act`, for which `typed` was written."""
    sources = request.app[OUTAGES]
    now = sources.clock.now()
    context: dict[str, object] = {
        "outage": outage,
        "flaws": outage.flaws(now),
        "heard": sources.heard(outage, language_of(request), now=now),
        "areas": areas_text(outage.areas),
        "history": await history_of(request, audience, outage),
        "moment": moment_typed(max(now, outage.expected_end or now), sources.timezone),
        "at_once": moment_typed(now, sources.timezone),
        "done": done,
        "act": act,
        "fault": fault,
        "typed": typed,
        "stale": stale,
        "told": await told_of(request, outage),
        **await linked_of(request, outage, whole=not audience.own and request[USER].may(audience.manage)),
    }
    return await show(request, audience, "card", context, status)
