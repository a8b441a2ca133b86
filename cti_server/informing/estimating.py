"""The reach of an order before it begins: counted from the registers as they stand, with time and price."""

from datetime import timedelta
from typing import Any

from aiohttp import web

from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.numbers import hryvnias, thousands
from cti_server.informing.sources import INFORMING
from cti_server.keys import SMS_PREFIXES
from hotline.informing.orders import STANDING, InformingOrder
from hotline.informing.reach import Estimate, Reach, estimate, reach_of
from hotline.voice.speech import Language

_HOUR = timedelta(hours=1)


async def estimate_of(request: web.Request, order: InformingOrder) -> Estimate:
    """Go through the registers as the order itself will."""
    sources = request.app[INFORMING]
    reach = Reach()
    if not order.ways <= STANDING:
        addresses = await sources.orders.addresses(order.audience)
        reach = reach_of(
            order,
            addresses,
            unwanted=await sources.do_not_call.among(addresses),
            sms=request.app[SMS_PREFIXES],
        )
    voice = (await sources.recordings.in_use()).get((order.voice, Language.UKRAINIAN))
    spoken = timedelta(seconds=voice.seconds) if voice else None
    return estimate(order, reach, at_once=sources.at_once, prices=sources.prices, spoken=spoken)


def estimate_words(request: web.Request, found: Estimate) -> dict[str, Any]:
    """Write the estimate for a template."""
    language, gettext = language_of(request), words_of(request).gettext

    def money(cost: Any) -> str:
        if cost is None:
            return str(gettext(N_("price unknown: nobody has set it")))
        return hryvnias(language, cost)

    return {
        "estimate": found,
        "thousands": thousands,
        "a_call": round(found.a_call / timedelta(seconds=1)),
        "calling": span(request, found.calling) if found.calling is not None else "",
        "call_cost": money(found.call_cost),
        "sms_cost": money(found.sms_cost),
        "whole_cost": money(found.cost),
    }


def span(request: web.Request, lasts: timedelta) -> str:
    """Write how long something takes, to the minute: `2 h 10 min`."""
    gettext = words_of(request).gettext
    hours, rest = divmod(lasts, _HOUR)
    minutes = -(-rest // timedelta(minutes=1))
    if minutes == 60:  # noqa: PLR2004 - a full hour
        hours, minutes = hours + 1, 0
    parts = []
    if hours:
        parts.append(gettext(N_("%(hours)s h")) % {"hours": thousands(hours)})
    if minutes or not hours:
        parts.append(gettext(N_("%(minutes)s min")) % {"minutes": minutes})
    return " ".join(parts)
