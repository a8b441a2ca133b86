"""Routes of reporting."""

from aiohttp import web

from cti_server.portal import (
    account,
    asking,
    closings,
    joining,
    matters,
    matters_feed,
    matters_map,
    offline,
    on_map,
    sending,
    statistics,
    where,
)
from cti_server.portal.sources import PORTAL, PortalSources
from hotline.delivery.answering import FOLLOW, TOKEN


def add_portal(app: web.Application, sources: PortalSources) -> None:
    """Add the steps of a report, the map on which its place is chosen, accounts, and the public list."""
    app[PORTAL] = sources
    app.router.add_get(FOLLOW, asking.page)
    app.router.add_post(FOLLOW, asking.follow)
    app.router.add_post(f"{FOLLOW}/code", account.ask)
    app.router.add_get(f"{account.CONFIRM}/{{token:{TOKEN}}}", account.awaited)
    app.router.add_post(f"{account.CONFIRM}/{{token:{TOKEN}}}", account.confirm)
    app.router.add_post(f"{FOLLOW}/leave", account.leave)
    app.router.add_get(rf"{FOLLOW}/{{number:\d{{1,18}}}}", asking.page)
    app.router.add_get(where.PATH, where.page)
    app.router.add_post(where.PATH, sending.send)
    app.router.add_get(on_map.PATH, on_map.page)
    app.router.add_get(matters.PATH, matters.page)
    app.router.add_get(f"{matters.PATH}.atom", matters_feed.atom)
    app.router.add_get(statistics.PATH, statistics.page)
    app.router.add_get(matters_map.PATH, matters_map.page)
    app.router.add_get(rf"{matters.PATH}/{{number:\d{{1,12}}}}", matters.one)
    app.router.add_post(rf"{matters.PATH}/{{number:\d{{1,12}}}}/join", joining.join)
    app.router.add_get(closings.PATH, closings.page)
    app.router.add_get(f"{closings.PATH}/index.json", closings.index)
    app.router.add_get(rf"{closings.PATH}/{{day:\d{{4}}-\d\d-\d\d}}.json", closings.day)
    app.router.add_get(offline.PATH, offline.page)
    app.router.add_get(offline.SEEN, offline.seen)
    app.router.add_get(offline.WORKER, offline.worker)
