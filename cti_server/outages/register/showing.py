"""An outage as the register's templates see it: its place, state and flaws."""

from collections.abc import Mapping
from datetime import datetime

from aiohttp import web

from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.outages.register.audience import Audience
from cti_server.outages.register.sources import OUTAGES
from cti_server.outages.register.words import CONTEXT
from hotline.city.area_notation import area_text
from hotline.outages.outage import NewOutage, Outage


def place_text(outage: NewOutage, request: web.Request) -> str:
    """Write where it is in one line."""
    language = language_of(request)
    return "; ".join(area_text(one, language) for one in outage.areas) or words_of(request).gettext(
        N_("the whole city")
    )


def state_text(outage: Outage, now: datetime) -> str:
    """Return the state, to be translated."""
    if outage.cancelled:
        return N_("taken back")
    if outage.over:
        return N_("over")
    return N_("going on") if outage.starts_at <= now else N_("coming")


async def show(
    request: web.Request, audience: Audience, template: str, context: Mapping[str, object], status: int = 200
) -> web.Response:
    """Render a page of the register; `manages`: the user may change it."""
    sources, user = request.app[OUTAGES], request[USER]
    now = sources.clock.now()
    executors = {one.id: one for one in await sources.executors.all()}
    frame: dict[str, object] = {
        "audience": audience,
        "manages": user.may(audience.manage),
        "now": now,
        "executors": executors,
        "place": lambda outage: place_text(outage, request),
        "state": lambda outage: state_text(outage, now),
        "yours": lambda outage: not audience.own or outage.executor_id == audience.executor_of(request),
    }
    return render(
        request, f"outages/register/{template}.html.jinja2", status=status, **{**CONTEXT, **frame, **context}
    )
