"""Routes of shifts."""

from aiohttp import web

from cti_server.shifts import calendar, drawing, duty, handing, own, presence, swapping, wishing
from cti_server.shifts.sources import SHIFTS, ShiftSources

_WEEK = f"{drawing.PATH}/{{monday}}"


def add_shifts(app: web.Application, sources: ShiftSources) -> None:
    """Add the roster, one's own shifts and their calendar; the advice is of the line's report."""
    app[SHIFTS] = sources
    app.router.add_get(drawing.PATH, drawing.page)
    app.router.add_post(_WEEK, drawing.save)
    app.router.add_post(f"{_WEEK}/copy", drawing.copy)
    app.router.add_post(f"{_WEEK}/drop", drawing.drop)
    app.router.add_get(presence.PATH, presence.page)
    app.router.add_get(own.PATH, own.page)
    app.router.add_get(duty.PATH, duty.now)
    app.router.add_get(own.FEED_PATH, own.feed_page)
    app.router.add_post(f"{own.PATH}/feed", own.make_feed)
    app.router.add_post(f"{own.PATH}/feed/revoke", own.revoke_feed)
    app.router.add_post(wishing.PATH, wishing.wish)
    app.router.add_post(f"{wishing.PATH}/take-back", wishing.take_back)
    app.router.add_get(swapping.PATH, swapping.page)
    app.router.add_post(swapping.PATH, swapping.offer)
    swap = swapping.PATH + r"/{id:\d{1,9}}"
    app.router.add_post(f"{swap}/take", swapping.take)
    app.router.add_post(f"{swap}/decline", swapping.decline)
    app.router.add_post(f"{swap}/take-back", swapping.withdraw)
    app.router.add_post(f"{swap}/approve", swapping.approve)
    app.router.add_post(f"{swap}/refuse", swapping.refuse)
    app.router.add_get(handing.PATH, handing.listing)
    app.router.add_post(handing.PATH, handing.begin)
    one = handing.PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, handing.page)
    app.router.add_post(f"{one}/save", handing.save)
    app.router.add_post(f"{one}/hand-over", handing.hand_over)
    app.router.add_post(f"{one}/ask", handing.ask)
    app.router.add_post(f"{one}/answer", handing.answer)
    app.router.add_post(f"{one}/take-over", handing.take_over)
    app.router.add_get("/shifts/feed/{secret}.ics", calendar.feed)
