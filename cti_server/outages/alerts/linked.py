"""The calls and appeals that belong to an outage, for its page."""

from functools import partial

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.frame.leafing import leaf_of
from cti_server.frame.numbers import grouped
from cti_server.frame.words import APPEAL_STATES
from cti_server.outages.alerts.sources import ALERTS
from hotline.outages.outage import Outage

MOST_SHOWN = 50


async def linked_of(request: web.Request, outage: Outage, at: str, *, whole: bool) -> dict[str, object]:
    """Read them for the page `at`, which is written down; not `whole`: their number alone."""
    if ALERTS not in request.app:
        return {"reported": 0, "reports": (), "leaf": None}
    kept = request.app[ALERTS].reports
    leaf = await leaf_of(request, partial(kept.of_outage, outage.id), MOST_SHOWN, at) if whole else None
    reports = leaf.rows if leaf else ()
    if reports:
        await audit(request, Action.VIEW, f"outage:{outage.id}", "reports")
    return {
        "reported": await kept.count(outage.id),
        "reports": reports,
        "leaf": leaf,
        "appeals": await kept.appeals([one.appeal for one in reports if one.appeal]),
        "APPEAL_STATES": APPEAL_STATES,
        "grouped": grouped,
    }
