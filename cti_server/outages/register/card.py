"""One outage: its facts, its announcement to callers, the acts on it, its history."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from cti_server.frame.language import language_of
from cti_server.frame.moments import moment_typed
from cti_server.keys import USER
from cti_server.outages.alerts.linked import linked_of
from cti_server.outages.register.audience import Audience
from cti_server.outages.register.history import history_of
from cti_server.outages.register.showing import show
from cti_server.outages.register.sources import OUTAGES, as_read
from cti_server.outages.register.told import told_of
from hotline.city.area_notation import areas_text
from hotline.errors import HotlineError
from hotline.outages.outage import Outage


class ActFault(HotlineError):  # noqa: N818 - reads as what it is
    """A wrong field of an act's form; the message, to be translated, says what to do."""

    code = "act-fault"

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class ActRefused:
    """A refused act, with its `typed` form: a field is wrong, or another user was faster."""

    act: str = ""
    typed: Mapping[str, str]
    fault: ActFault | None = None

    def lost(self, outage: Outage) -> str:
        """Return the typed fields of a form that the present outage no longer has."""
        there = outage.over == (self.act == "reopen")
        moments = [self.typed[name].replace("T", " ") for name in ("ends", "ended")]
        return "" if there else " · ".join(filter(None, (*moments, self.typed["note"])))


NOTHING = ActRefused(typed=defaultdict(str))


async def page(request: web.Request, audience: Audience) -> web.Response:
    """Show the outage; `?done=` names the act done just now."""
    outage = await audience.asked_for(request)
    return await show_card(request, audience, outage, done=request.query.get("done", ""))


async def show_card(
    request: web.Request,
    audience: Audience,
    outage: Outage,
    *,
    done: str = "",
    refused: ActRefused = NOTHING,
    status: int = HTTPStatus.OK,
) -> web.Response:
    """Show the card; a refused act's typed form stays."""
    sources = request.app[OUTAGES]
    now = sources.clock.now()
    context: dict[str, object] = {
        "outage": outage,
        "flaws": outage.flaws(now),
        "heard": as_read(sources.heard(outage, now=now), language_of(request)),
        "areas": areas_text(outage.areas),
        "history": await history_of(request, audience, outage),
        "moment": moment_typed(max(now, outage.expected_end or now), sources.timezone),
        "at_once": moment_typed(now, sources.timezone),
        "done": done,
        "act": refused.act,
        "fault": refused.fault,
        "typed": refused.typed,
        "stale": bool(refused.act) and refused.fault is None,
        "lost": refused.lost(outage),
        "told": await told_of(request, outage),
        **await linked_of(
            request,
            outage,
            f"{audience.path}/{outage.id}",
            whole=not audience.own and request[USER].may(audience.manage),
        ),
    }
    return await show(request, audience, "card", context, status)
